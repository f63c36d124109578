/* Everything that can be wrong in a call is an error, and the process goes on. */
#include <borel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static void expect(borel_error *error, const char *code, const char *what) {
  const char *found = error == NULL ? "nothing" : borel_error_code(error);
  if (strcmp(found, code) != 0) {
    printf("%s: expected %s, found %s\n", what, code, found);
    failures++;
  }
  borel_error_destroy(error);
}

#define EXPECT(code, call)                              \
  do {                                                  \
    borel_error *error = NULL;                          \
    if (call) {                                         \
      printf("%s: expected a failure\n", #call);        \
      failures++;                                       \
    }                                                   \
    expect(error, code, #call);                         \
  } while (0)

static bool stop(double share, void *context) {
  (void)share;
  ++*(int *)context;
  return false;
}

int main(void) {
  borel_error *none = NULL;
  EXPECT("E0730", borel_program_create(NULL, NULL, &error));
  EXPECT("E0730", borel_program_create("\xff\xfe", NULL, &error));
  EXPECT("E0201", borel_program_create("model m() { return y }", "m.ppl", &error));
  EXPECT("E0730", borel_program_models(NULL, &error));
  EXPECT("E0730", borel_model_create((borel_program *)16000, NULL, &error));

  borel_program *program = borel_program_create(
      "model m(y: [Real]) {\n  x ~ Normal(0, 1)\n  for v in y { observe v ~ Normal(x, 1) }\n}\n"
      "model slow() {\n  var s = 0.0\n  for i in 0..<1000000000 { s = s + 1 }\n  return s\n}\n",
      "m.ppl", &none);
  EXPECT("E0707", borel_model_create(program, "n", &error));
  borel_model *model = borel_model_create(program, "m", &none);
  EXPECT("E0730", borel_model_give_json((borel_model *)program, "{}", &error));
  EXPECT("E0401", borel_model_give_json(model, "{", &error));
  EXPECT("E0730", borel_model_give_reals(model, "y", NULL, 3, &error));
  EXPECT("E0410", borel_infer(model, NULL, NULL, &error));
  const double data[] = {0.5, 1.5};
  if (!borel_model_give_reals(model, "y", data, 2, &none)) failures++;
  EXPECT("E0703", borel_infer(model, "magic", NULL, &error));
  borel_options options;
  borel_options_init(&options);
  options.threads = 0;
  EXPECT("E0730", borel_infer(model, NULL, &options, &error));
  options.threads = 1;
  options.seconds = -1;
  EXPECT("E0730", borel_infer(model, NULL, &options, &error));

  borel_model *slow = borel_model_create(program, "slow", &none);
  borel_options_init(&options);
  options.seconds = 0.2;
  EXPECT("E0603", borel_infer(slow, "importance(particles: 2)", &options, &error));
  int calls = 0;
  borel_options_init(&options);
  options.progress = stop;
  options.context = &calls;
  EXPECT("E0699", borel_infer(slow, "importance(particles: 2)", &options, &error));
  if (calls == 0) failures++;

  borel_posterior *fit = borel_infer(model, "importance(particles: 100)", NULL, &none);
  double values[100];
  borel_estimate estimate;
  EXPECT("E0318", borel_posterior_estimate(fit, "z", &estimate, &error));
  EXPECT("E0730", borel_posterior_estimate(fit, "x", NULL, &error));
  EXPECT("E0730", borel_posterior_draws(fit, "x", values, 99, &error));
  EXPECT("E0730", borel_predict(model, (borel_posterior *)model, NULL, &error));
  if (!borel_posterior_draws(fit, "x", values, 100, &none)) failures++;
  if (borel_posterior_name(fit, 1) != NULL || strcmp(borel_posterior_name(fit, 0), "x") != 0)
    failures++;
  borel_posterior_destroy(fit);
  borel_posterior_destroy(fit);
  EXPECT("E0730", borel_posterior_json(fit, &error));
  if (borel_posterior_draw_count(fit) != 0) failures++;

  borel_model *open = borel_model_create(program, "m", &none);
  borel_filter *filter = borel_filter_create(open, "smc(particles: 10)", NULL, &none);
  EXPECT("E0580", borel_filter_create(model, NULL, NULL, &error));
  EXPECT("E0412", borel_filter_step(filter, "\"high\"", &error));
  EXPECT("E0730", borel_filter_step(filter, NULL, &error));
  EXPECT("E0730", borel_filter_snapshot(filter, NULL, NULL, &error));
  EXPECT("E0432", borel_filter_restore(open, NULL, NULL, (const uint8_t *)"x", 1, &error));
  /* Nobody has to look at errors. */
  if (borel_filter_step(filter, "[1]", NULL) != NULL) failures++;

  borel_filter_destroy(filter);
  borel_model_destroy(open);
  borel_model_destroy(slow);
  borel_model_destroy(model);
  borel_program_destroy(program);
  borel_program_destroy(NULL);
  if (none != NULL) {
    printf("%s\n", borel_error_message(none));
    failures++;
  }
  if (failures == 0) printf("all as expected\n");
  return failures != 0;
}

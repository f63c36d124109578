/* The level of the Nile, as a program in C finds it. */
#include <borel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *contents(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) exit(2);
  char *text = calloc(1 << 20, 1);
  if (fread(text, 1, (1 << 20) - 1, file) == 0) exit(2);
  fclose(file);
  return text;
}

static void check(borel_error *error) {
  if (error == NULL) return;
  fprintf(stderr, "%s\n", borel_error_message(error));
  exit(1);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  borel_error *error = NULL;
  char *source = contents(arguments[1]), *data = contents(arguments[2]);
  borel_program *program = borel_program_create(source, "nile.ppl", &error);
  check(error);
  borel_model *model = borel_model_create(program, "nile", &error);
  check(error);
  borel_program_destroy(program);
  borel_model_give_json(model, data, &error);
  check(error);
  borel_posterior *fit = borel_infer(model, "smc(particles: 2000, groups: 8)", NULL, &error);
  check(error);
  borel_estimate level;
  borel_posterior_estimate(fit, "result", &level, &error);
  check(error);
  printf("%zu draws, log evidence %.6f, level %.6f\n", borel_posterior_draw_count(fit),
         borel_posterior_log_evidence(fit), level.mean);
  borel_posterior_destroy(fit);
  borel_model_destroy(model);

  /* The same year by year, with a snapshot in the middle. */
  borel_program *again = borel_program_create(source, "nile.ppl", &error);
  borel_model *open = borel_model_create(again, "nile", &error);
  borel_filter *filter = borel_filter_create(open, NULL, NULL, &error);
  check(error);
  char *before = borel_filter_step(filter, "1120", &error);
  uint8_t *bytes = NULL;
  size_t size = 0;
  borel_filter_snapshot(filter, &bytes, &size, &error);
  check(error);
  char *first = borel_filter_step(filter, "{\"flow\": 1160}", &error);
  borel_filter *second = borel_filter_restore(open, NULL, NULL, bytes, size, &error);
  check(error);
  char *same = borel_filter_step(second, "{\"flow\": 1160}", &error);
  check(error);
  printf("%s\n", strcmp(first, same) == 0 ? "the snapshot goes on" : "the snapshot differs");
  borel_text_destroy(before);
  borel_text_destroy(first);
  borel_text_destroy(same);
  borel_bytes_destroy(bytes);
  borel_filter_destroy(filter);
  borel_filter_destroy(second);
  borel_model_destroy(open);
  borel_program_destroy(again);
  free(source);
  free(data);
  return 0;
}

/*
 * Borel for C, and for languages that call C.
 *
 *   borel_error *error = NULL;
 *   borel_program *program = borel_program_create(text, "coin.ppl", &error);
 *   borel_model *coin = borel_model_create(program, NULL, &error);
 *   borel_model_give_json(coin, "{\"flips\": [true, false, true]}", &error);
 *   borel_posterior *fit = borel_infer(coin, "importance(particles: 10000)", NULL, &error);
 *   borel_estimate p;
 *   borel_posterior_estimate(fit, "p", &p, &error);
 *
 * Errors. A function that can fail takes a place for an error, which may be NULL. On failure it
 * returns NULL, or false, and puts an error there, which the caller destroys. Nothing stops the
 * process: NULL, handles that have been destroyed and handles of another kind are errors (E0730).
 *
 * Ownership. What a function named ..._create, borel_infer or borel_predict returns is the
 * caller's, who destroys it with the function for its kind; destroying NULL does nothing. A text
 * returned as `char *` is the caller's too, and is given back with borel_text_destroy.
 * A text returned as `const char *` belongs to its handle and lives as long. Handles do not depend on each
 * other: a program may be destroyed while its models are used.
 *
 * Threads. All functions may be called from any thread at the same time, also with the same handle;
 * a change of a model waits for nothing and concerns inferences that start after it. A handle must
 * not be destroyed while another thread uses a `const char *` of it.
 *
 * Texts are UTF-8.
 */
#ifndef BOREL_H
#define BOREL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers of things in the library; never to be looked into. */
typedef struct borel_program borel_program;
typedef struct borel_model borel_model;
typedef struct borel_posterior borel_posterior;
typedef struct borel_filter borel_filter;
typedef struct borel_error borel_error;

/* The version of the library, as "1.2.3". */
const char *borel_version(void);

/* Gives a text back that a function has returned as `char *`. */
void borel_text_destroy(char *text);

/* ---- Errors ---- */

/* The code of the first problem, such as "E0201". */
const char *borel_error_code(const borel_error *error);

/* All problems as text, each with the line that it is about. */
const char *borel_error_message(const borel_error *error);

/* All problems as a JSON array of objects with code, severity, message, file, line, column, hints. */
const char *borel_error_json(const borel_error *error);

void borel_error_destroy(borel_error *error);

/* ---- Programs and models ---- */

/* Parses and checks a program; `name` is that of the file in messages and may be NULL. */
borel_program *borel_program_create(const char *source, const char *name, borel_error **error);

/*
 * The models as a JSON array of objects with name, documentation, and parameters: objects with
 * name, type, learnable, hasDefault.
 */
char *borel_program_models(const borel_program *program, borel_error **error);

void borel_program_destroy(borel_program *program);

/* A model without data; `name` may be NULL for the only model, or the only main one. */
borel_model *borel_model_create(const borel_program *program, const char *name,
                                borel_error **error);

/* Adds the data of a JSON text: an object with the names of parameters, or an array. */
bool borel_model_give_json(borel_model *model, const char *json, borel_error **error);

/* Adds the data of a table with a header. */
bool borel_model_give_csv(borel_model *model, const char *csv, borel_error **error);

/*
 * Gives a parameter an array of reals. NaN is a missing value, which the type of the parameter must
 * allow ([Real?]). A value given by name wins over files and over one given before.
 */
bool borel_model_give_reals(borel_model *model, const char *name, const double *values,
                            size_t count, borel_error **error);

/* Gives a parameter an array of integers. */
bool borel_model_give_ints(borel_model *model, const char *name, const int64_t *values,
                           size_t count, borel_error **error);

/* Gives a parameter a single value. */
bool borel_model_give_real(borel_model *model, const char *name, double value,
                           borel_error **error);
bool borel_model_give_int(borel_model *model, const char *name, int64_t value,
                          borel_error **error);

void borel_model_destroy(borel_model *model);

/* ---- Inference ---- */

typedef struct {
  /* Same seed, same result, for any number of threads. */
  uint64_t seed;
  /* At least 1. */
  int32_t threads;
  /* Whether an execution that fails gets weight zero instead of stopping the run. */
  bool rejects_failures;
  /* Limits; 0 is unlimited: wall-clock seconds, bytes, executions times blocks. */
  double seconds;
  int64_t memory;
  int64_t lane_steps;
  /*
   * Called now and then with the share that is done, from 0 to 1, or a negative number while it is not
   * known; false stops the run with E0699. On any thread. May be NULL.
   */
  bool (*progress)(double share, void *context);
  void *context;
} borel_options;

/* Seed 1, one thread, no limits. */
void borel_options_init(borel_options *options);

/*
 * Infers a model. `method` is as on the command line, "smc(particles: 10000)", and NULL is "auto";
 * `options` may be NULL.
 */
borel_posterior *borel_infer(const borel_model *model, const char *method,
                             const borel_options *options, borel_error **error);

/* Data given the latents of a fit of the same model; see `borel predict`. */
borel_posterior *borel_predict(const borel_model *model, const borel_posterior *fit,
                               const borel_options *options, borel_error **error);

void borel_posterior_destroy(borel_posterior *posterior);

/* ---- Results ---- */

typedef struct {
  /* NaN for values without arithmetic, and where an estimate is not known. */
  double mean, sd, mcse, q5, q50, q95;
  /* The probability that the variable exists at all; the others are conditional on it. */
  double present;
} borel_estimate;

/* Draws; 0 for an invalid handle. */
size_t borel_posterior_draw_count(const borel_posterior *posterior);

/* Scalars, such as "level[3]". */
size_t borel_posterior_name_count(const borel_posterior *posterior);

/* The name of a scalar; NULL when there is none with this number. */
const char *borel_posterior_name(const borel_posterior *posterior, size_t index);

bool borel_posterior_estimate(const borel_posterior *posterior, const char *name,
                              borel_estimate *estimate, borel_error **error);

/*
 * Copies the draws of a scalar, which count with their weights; NaN where a draw does not have it.
 * `capacity` is the room in doubles and must be at least the number of draws.
 */
bool borel_posterior_draws(const borel_posterior *posterior, const char *name, double *values,
                           size_t capacity, borel_error **error);

/* Copies the normalised weights of the draws. */
bool borel_posterior_weights(const borel_posterior *posterior, double *weights, size_t capacity,
                             borel_error **error);

/* The log-evidence and its standard error; NaN where the method does not tell. */
double borel_posterior_log_evidence(const borel_posterior *posterior);
double borel_posterior_log_evidence_error(const borel_posterior *posterior);

/* The table that `borel run` prints. */
char *borel_posterior_summary(const borel_posterior *posterior, borel_error **error);

/* The object that `borel run --json` prints. */
char *borel_posterior_json(const borel_posterior *posterior, borel_error **error);

/* ---- Records that arrive ---- */

/*
 * A particle filter over records; see `borel filter`. `method` NULL is "smc(particles: 1000)".
 * Limits of time are for each record, and `progress` is not called.
 */
borel_filter *borel_filter_create(const borel_model *model, const char *method,
                                  const borel_options *options, borel_error **error);

/*
 * Takes a record in, as JSON, and returns the line that `borel filter` prints. A record that does
 * not fit (E04xx) changes nothing.
 */
char *borel_filter_step(borel_filter *filter, const char *record, borel_error **error);

/* The filter between two records; `bytes` is given back with borel_bytes_destroy. */
bool borel_filter_snapshot(const borel_filter *filter, uint8_t **bytes, size_t *count,
                           borel_error **error);

/* A filter that goes on from a snapshot of one with the same model, data, method and options. */
borel_filter *borel_filter_restore(const borel_model *model, const char *method,
                                   const borel_options *options, const uint8_t *bytes,
                                   size_t count, borel_error **error);

void borel_bytes_destroy(uint8_t *bytes);
void borel_filter_destroy(borel_filter *filter);

#ifdef __cplusplus
}
#endif

#endif

/*
 * What every command shares with its user: options, help, messages, progress, exit statuses.
 * The only room that prints to stderr, reads the environment or the clock, or exits.
 *
 * A command that reads spans is a table, a struct of functions (flow.h), and:
 *
 *	int main(int argc, char **argv)
 *	{
 *		char **paths = sl_cli_parse(&command, argc, argv);
 *
 *		return sl_reading_run(&sl_reading, paths, &work);
 *	}
 */
#ifndef SPANLINE_CLI_H
#define SPANLINE_CLI_H

#include "spanline/flow.h"
#include <signal.h>

#define SL_VERSION "0.1.0"

enum sl_exit {
	SL_EXIT_OK = 0,
	SL_EXIT_NO = 1,
	SL_EXIT_ERROR = 2,	   /* could not run: usage, unreadable input, output failed */
	SL_EXIT_DAMAGED = 3,	   /* finished, but part of the input is lost */
	SL_EXIT_UNDELIVERED = 4,   /* not everything was sent */
	SL_EXIT_INTERRUPTED = 130, /* 128 and the signal's number, as shells have it */
	SL_EXIT_TERMINATED = 143,
};

/* What holds where both do. */
enum sl_exit sl_exit_worse(enum sl_exit a, enum sl_exit b);

/* What an option that may be repeated was given, or the lines of a file.  A zeroed struct is
 * empty. */
struct sl_texts {
	const char **items;
	size_t count;
	size_t capacity;
};
/* `text` is borrowed for ever; dies where there is no memory. */
void sl_texts_add(struct sl_texts *texts, const char *text);
/* Adds "FILE:3" or "expression 2", which lives as long as the program. */
void sl_texts_add_numbered(struct sl_texts *texts, const char *name, char between, size_t number);
/* The file's lines ("-" is stdin) that are not blank and do not begin with '#', without the white
 * space around them; dies where it cannot be read.  They live as
 * long as the program. */
void sl_texts_read(struct sl_texts *texts, const char *path);
/* The same, each with the number of its line, to `each`. */
void sl_texts_read_each(const char *path,
			void (*each)(void *context, const char *text, size_t line), void *context);

/*
 * What --to FORM[:FILE] was given, in the order of the command line.  What names no file, at most
 * one of them, goes where -o says, or to stdout.  A zeroed struct is empty.
 */
struct sl_form_output {
	const char *form;	  /* one of the row's choices */
	const char *path;	  /* or NULL */
	struct sl_output *output; /* while sl_reading_run runs, where they are split */
	bool gone;		  /* nobody reads it any more */
};
enum { SL_MOST_OUTPUTS = 16 };
struct sl_outputs {
	struct sl_form_output items[SL_MOST_OUTPUTS];
	size_t count;
};
/* There are several, or one with a file: then sl_reading_run opens all, and the command writes by
 * sl_outputs_write what else would be the output of its work. */
bool sl_outputs_are_split(const struct sl_outputs *outputs);
bool sl_outputs_has_stdout(const struct sl_outputs *outputs, size_t index);
/* SL_END: nobody reads any of them.  SL_FAILED: err says which file, and why. */
SL_MUST_USE enum sl_status sl_outputs_write(struct sl_outputs *outputs, size_t index,
					    struct sl_slice bytes, struct sl_error *err);

/* A row parses, prints --help and is held against the man page.  Exactly one destination. */
struct sl_option {
	char letter;	      /* or 0; ends the table where `name` is NULL too */
	const char *name;     /* or NULL */
	const char *argument; /* shown as it is; NULL: takes none */
	const char *help;     /* one line, lower case */
	bool *flag;
	const char **text;
	struct sl_texts *texts;	    /* may be given several times */
	struct sl_outputs *outputs; /* FORM[:FILE], the forms being its choices */
	uint64_t *count;	    /* a whole number */
	size_t *size;		    /* with k, M, G */
	enum sl_format *format;	    /* a name of sl_formats */
	const char *const *choices; /* with `text` or `outputs`: NULL-terminated */
	/* the same from a table, with a line of help each; NULL behind the last */
	const char *(*choice)(size_t index, const char **help);
	/* with `text`: what it is where the option stands alone, so that a value needs '=' */
	const char *otherwise;
	uint64_t least, most; /* of a count or size; most 0: any */
};

/* -h and -V are added to every table. */
struct sl_command {
	const char *name;
	const char *purpose;  /* one line for --help */
	const char *operands; /* "[FILE ...]" */
	const struct sl_option *options;
	/* tables that several commands have, behind the last one NULL; or NULL */
	const struct sl_option *const *shared;
	const char *notes; /* further lines of --help, or NULL */
};

/*
 * Parses, prints help or version and exits, or dies with 2 and a hint.  Returns the operands,
 * NULL-terminated, in argv's order ("-" and what stands behind "--" included); none where there are
 * none: then stdin is meant, and if that is a terminal the usage is shown and the command exits.
 * Numbers and sizes are put in place.  Also remembers the command's name for messages, and has
 * writes to a pipe without a reader fail instead of ending the program.
 */
char **sl_cli_parse(const struct sl_command *command, int argc, char **argv);

/* Behind what a command prints to stdout by itself, instead of records: dies where that failed, but
 * not where the reader of a pipe has gone. */
void sl_cli_end_answer(void);

/* "name: text" on stderr, control characters masked. */
SL_PRINTF(1, 2) void sl_warn(const char *format, ...);
/* The same, then exit 2. */
_Noreturn SL_PRINTF(1, 2) void sl_die(const char *format, ...);
/* The same with a line that points to --help. */
_Noreturn SL_PRINTF(1, 2) void sl_die_usage(const char *format, ...);

/* How messages speak of an input: "stdin", and '' where a script gave an empty name; borrowed. */
const char *sl_cli_shown_path(const char *path);

/* Several lines, each made safe: the first behind "name: ", the others as they are. */
void sl_warn_lines(struct sl_slice lines);

/* 0, or the signal that came: the first ends the input, the second ends the program. */
extern volatile sig_atomic_t sl_interrupted;
void sl_cli_catch_interrupt(void);
/* SIGTERM does the same. */
void sl_cli_catch_termination(void);

/*
 * sl_output_open and sl_output_close, between which a signal that ends the program removes the new
 * file first.  For the thread of main.
 */
SL_MUST_USE enum sl_status sl_cli_output_open(struct sl_output **output, const char *path,
					      enum sl_codec codec, struct sl_error *err);
SL_MUST_USE enum sl_status sl_cli_output_close(struct sl_output *output, bool keep,
					       struct sl_error *err);

/* Processors that may be used. */
unsigned sl_cli_processors(void);
/* Where files go that nobody is to see: $TMPDIR, or /tmp. */
const char *sl_cli_temporary_directory(void);
/* Whether $GITHUB_STEP_SUMMARY names a file; appends to it.  SL_FAILED: that cannot be. */
bool sl_cli_has_step_summary(void);
SL_MUST_USE enum sl_status sl_cli_add_to_step_summary(struct sl_slice markdown,
						      struct sl_error *err);
/* ns since 1970 UTC. */
uint64_t sl_cli_now(void);
/* ns of a clock that never goes back. */
uint64_t sl_cli_elapsed(void);
/* A hash of the file's size, time of modification, first and last 64 KiB; of what cannot be read,
 * of nothing.  "-" is stdin, which has to be a file and is left where it is. */
uint64_t sl_cli_hash_file(const char *path, uint64_t seed);
/* Whether the file is one of the operands (none: stdin), so that writing it would change them. */
bool sl_cli_is_among(const char *path, char **inputs);
/* The variable's value; NULL where it is not set or empty. */
const char *sl_cli_environment(const char *name);
/* Cells of a line: $COLUMNS, the terminal's, or 100. */
size_t sl_cli_width(bool to_stdout);
/* `when` is "always", "never", or "auto": NO_COLOR and FORCE_COLOR, else whether stdout is a
 * terminal. */
bool sl_cli_has_colour(const char *when, bool to_stdout);
/* Whether some operand (none: stdin) is a pipe or the like, which may go on for ever. */
bool sl_cli_is_live(char **paths);

/* What has come of work that is more than reading, for the line on a terminal. */
struct sl_progress {
	uint64_t spans, bytes; /* that are done; rates are of them */
	uint64_t retries;      /* shown if there were any */
	/* of how many spans, once all is read; 0: what was read of the input counts, UINT64_MAX:
	 * there is no end */
	uint64_t total_spans;
};
/* Now and then while something else than reading is waited for: the line is kept up to date. */
void sl_cli_show_progress(void);

/* A number of the command's own in the summary; ends a list where `name` is NULL. */
struct sl_named_count {
	const char *name;
	const uint64_t *value;
};

/*
 * How a command reads spans.  Above the line: what the user says by sl_input_options and
 * sl_output_options; below: what the command adds.
 */
struct sl_reading {
	enum sl_format from;
	struct sl_texts field_names; /* of flat records, FIELD=NAME each */
	const char *output;	     /* NULL: stdout */
	bool strict;
	size_t max_message;
	uint64_t max_depth;
	uint64_t jobs; /* 0: as many as there are processors */
	bool summary;

	enum sl_signal signal; /* SL_SIGNAL_SPANS or SL_SIGNAL_LOGS */
	bool follow;	       /* wait for more, as tail -F */
	bool silent;	       /* nothing is written */
	bool no_input;	       /* where there is no operand nothing is read, not stdin */
	bool unheard;	       /* nothing is told either: the same is going to be read again */
	/* See struct sl_decode_options. */
	bool text;
	bool lazy;
	unsigned needs;
	struct sl_attribute_test attribute;
	const struct sl_head_tests *tests;
	enum sl_codec codec;	    /* around the whole output */
	struct sl_outputs *outputs; /* or NULL: there is one */
	/* Of what is read twice. */
	struct sl_spool *spool;		    /* or NULL; for stdin */
	const struct sl_input_parts *parts; /* or NULL; by operand */
	bool *spotless;			    /* or NULL; is set: nothing was to be told */
	/* Or NULL: all is read and written, and the summary is next. */
	void (*ended)(const struct sl_tally *tally);
	const struct sl_named_count *counts; /* or NULL: for the summary */
	/* Or NULL: the line on a terminal speaks of what is read. */
	struct sl_progress (*progress)(void);
};

/* What the rows fill, with the defaults until then. */
extern struct sl_reading sl_reading;
extern const struct sl_option sl_input_options[];
extern const struct sl_option sl_output_options[]; /* of commands that write to stdout */

/*
 * Reads all of `paths`, does `work`, tells the user what is to be told, and gives the exit status:
 * messages about damage (the first ten of each file, then a total), what departed from the
 * specification, signals that were passed over, progress, the summary.
 */
int sl_reading_run(const struct sl_reading *reading, char **paths, const struct sl_flow_work *work);

/*
 * What is wanted of the spans, and how traces are gathered, in all commands that select (select.h,
 * traces.h): the rows of options, and what they say once they are parsed.
 */
struct sl_selection;
struct sl_traces_options;
struct sl_query;
struct sl_query_fault;
extern const struct sl_option sl_selecting_options[];
extern const struct sl_option sl_where_options[]; /* --where alone */

/* Whether -t, --since, --until or --where was given. */
bool sl_selecting_anything(void);
/* What --where was given, or NULL. */
const char *sl_selecting_where(void);
/* Ids, times and the query; the rest is left as it is.  Borrowed until sl_selecting_free.  Dies of
 * what cannot be understood. */
void sl_selecting_fill(struct sl_selection *selection);
void sl_selecting_free(void);
/*
 * Dies where standard input is wanted for more than one thing: by -t @-, for `others` things of the
 * command's own, or for spans, by any number of `operands` (of which none is one as well; NULL:
 * they do not count).
 */
void sl_selecting_check_standard_input(char **operands, size_t others);
/* Of what was given, once it is filled. */
uint64_t sl_selecting_hash(const struct sl_selection *selection, uint64_t seed);
/* `live` is the command's to set, see sl_cli_is_live. */
void sl_selecting_gather(struct sl_traces_options *traces, uint64_t *idle_ns);
/* Tells of traces that came again after they were complete, if any did, and gives the outcome of
 * the run: with --sorted, which was not true, the answers are not known. */
int sl_selecting_settle(uint64_t reopened, int outcome);
/* Shows what is wrong with the query `text`, and exits with 2.  `origin` says which of several it
 * is, as "queries:3" or "--keep", or is NULL. */
_Noreturn void sl_die_of_fault(const struct sl_query_fault *fault, const char *text);
_Noreturn void sl_die_of_fault_in(const char *origin, const struct sl_query_fault *fault,
				  const char *text);
/* The lines that they show. */
void sl_show_fault_in(const char *origin, const struct sl_query_fault *fault, const char *text,
		      struct sl_buffer *out);
/* Warns, in one line, where the query compares a duration with a number that has no unit. */
void sl_warn_of_units(const char *origin, const struct sl_query *query, const char *text);

#endif

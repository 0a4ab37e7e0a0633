/* The state of a reader of parcels. */
#ifndef SOURCE_READER_H
#define SOURCE_READER_H

#include "envelope.h"
#include "source.h"
#include "spanline/wire.h"

/* Where the next span comes from. */
enum decoder { DECODER_NONE, DECODER_WIRE, DECODER_JSON, DECODER_FOREIGN };

struct sl_reader {
	struct sl_reader_options options;
	struct sl_notes *notes;
	struct sl_wire_reader *wire;
	struct sl_json_reader *json;
	struct sl_foreign_reader *foreign;
	struct sl_slice json_bytes; /* that it reads */
	struct sl_inflater *inflater;
	struct sl_buffer inflated, inflated_again;
	struct envelope_opener envelopes;
	struct sl_buffer joined;      /* a piece with what stands around it */
	struct sl_notes around_notes; /* of that alone, if they were told with another piece */
	struct sl_notes notes_before; /* such a piece */
	const struct sl_parcel *parcel;
	size_t started;		    /* of the parcel's units */
	const struct sl_unit *unit; /* the last of them */
	uint64_t newlines;	    /* in the units before it */
	size_t placed;		    /* in the unit: where a loss was last */
	uint64_t placed_line;
	enum decoder decoder;
	bool told; /* a loss in the unit */
	bool cut;  /* `loss` is to be told when the unit is done */
	struct sl_error loss;
	struct sl_look_alike look_alike;
};

#endif

/* What the bytes of an outline are compared with. */
#ifndef TEXT_OUTLINE_H
#define TEXT_OUTLINE_H

/* 32 times each.  In memory, in another file: where the compiler knows them it makes each anew
 * whenever the outline goes on, in three instructions. */
struct outline_constants {
	_Alignas(32) char quote[32];
	char slash[32], comma[32], opening[32], closing[32];
	char last[32]; /* of the control characters */
	char bit[32];  /* '[' is '{' less that */
};

extern const struct outline_constants outline_constants;

#endif

/* The one table of operators: how tight they bind and where they may stand. */
#include "node.h"

#define ANYWHERE (USE_EXPRESSION | USE_SPANSET)
#define NUMBERS	 (USE_EXPRESSION | USE_SCALAR)

static const struct operator_row rows[OP_COUNT] = {
	[OP_NONE] = { "", "", 0, 0, false },
	[OP_OR] = { "||", "either is true; either finds spans", 1, ANYWHERE, false },
	[OP_AND] = { "&&", "both are true; both find spans", 1, ANYWHERE, false },
	[OP_EQUAL] = { "=", "equal", 2, NUMBERS, false },
	[OP_NOT_EQUAL] = { "!=", "there, and not equal", 2, NUMBERS, false },
	[OP_LESS] = { "<", "less", 2, NUMBERS, false },
	[OP_LESS_EQUAL] = { "<=", "less or equal", 2, NUMBERS, false },
	[OP_GREATER] = { ">", "greater", 2, NUMBERS, false },
	[OP_GREATER_EQUAL] = { ">=", "greater or equal", 2, NUMBERS, false },
	[OP_REGEX] = { "=~", "the whole text matches the pattern", 2, USE_EXPRESSION, false },
	[OP_NOT_REGEX] = { "!~", "there, and does not match", 2, USE_EXPRESSION, false },
	[OP_ADD] = { "+", "sum", 3, NUMBERS, false },
	[OP_SUBTRACT] = { "-", "difference", 3, NUMBERS, false },
	[OP_MULTIPLY] = { "*", "product", 5, NUMBERS, false },
	[OP_DIVIDE] = { "/", "quotient", 5, NUMBERS, false },
	[OP_MODULO] = { "%", "remainder", 5, NUMBERS, false },
	[OP_POWER] = { "^", "power", 6, NUMBERS, true },
	[OP_NOT] = { "!", "not true; finds no spans", 4, 0, false },
	[OP_NEGATE] = { "-", "negative", 3, 0, false },
	[OP_IS_NIL] = { "=", "is not there", 2, 0, false },
	[OP_IS_NOT_NIL] = { "!=", "is there", 2, 0, false },
	[OP_CHILD] = { ">", "right spans whose parent is on the left", 2, USE_SPANSET, false },
	[OP_PARENT] = { "<", "right spans with a child on the left", 2, USE_SPANSET, false },
	[OP_DESCENDANT] = { ">>", "right spans below one of the left", 2, USE_SPANSET, false },
	[OP_ANCESTOR] = { "<<", "right spans above one of the left", 2, USE_SPANSET, false },
	[OP_SIBLING] = { "~", "right spans with the parent of another one on the left", 2,
			 USE_SPANSET, false },
	[OP_NOT_CHILD] = { "!>", "right spans whose parent is not on the left", 2, USE_SPANSET,
			   false },
	[OP_NOT_PARENT] = { "!<", "right spans without a child on the left", 2, USE_SPANSET,
			    false },
	[OP_NOT_DESCENDANT] = { "!>>", "right spans below none of the left", 2, USE_SPANSET,
				false },
	[OP_NOT_ANCESTOR] = { "!<<", "right spans above none of the left", 2, USE_SPANSET, false },
	[OP_NOT_SIBLING] = { "!~", "right spans without a sibling on the left", 2, USE_SPANSET,
			     false },
	[OP_UNION_CHILD] = { "&>", "parents on the left and their children on the right", 2,
			     USE_SPANSET, false },
	[OP_UNION_PARENT] = { "&<", "children on the left and their parents on the right", 2,
			      USE_SPANSET, false },
	[OP_UNION_DESCENDANT] = { "&>>", "spans on the left and those below them on the right", 2,
				  USE_SPANSET, false },
	[OP_UNION_ANCESTOR] = { "&<<", "spans on the left and those above them on the right", 2,
				USE_SPANSET, false },
	[OP_UNION_SIBLING] = { "&~", "siblings on the left and on the right", 2, USE_SPANSET,
			       false },
};

const struct operator_row *operator_row(enum operator op)
{
	return &rows[op];
}

const char *operator_text(enum operator op)
{
	return rows[op].text;
}

enum operator operator_find(struct sl_slice text, enum operator_use use)
{
	for (int op = 0; op < OP_COUNT; op++)
		if ((rows[op].uses & use) != 0 && strlen(rows[op].text) == text.len &&
		    memcmp(rows[op].text, text.data, text.len) == 0)
			return (enum operator)op;
	return OP_NONE;
}

bool operator_compares(enum operator op)
{
	return op >= OP_EQUAL && op <= OP_GREATER_EQUAL;
}

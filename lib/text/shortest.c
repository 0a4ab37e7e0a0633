/*
 * The shortest decimal of a double, after R. Giulietti, "The Schubfach way to render doubles".
 *
 * What reads back as c * 2^q are the numbers from half way to the double below to half way to the
 * one above.  With k = floor(log10(width of this interval)), it holds at least one multiple of 10^k
 * and at most one of 10^(k+1), and nothing shorter: so three multiples decide.  All is scaled by
 * 10^-k, from a table of 128 bits, and rounded to odd, which keeps what is compared exact.
 */
#include "shortest.h"
#include <string.h>

struct u128 {
	uint64_t high, low;
};

static struct u128 multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;

	return (struct u128){ (uint64_t)(product >> 64), (uint64_t)product };
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)middle;

	return (struct u128){ a1 * b1 + (middle >> 32) + (other >> 32),
			      other << 32 | (uint32_t)low };
#endif
}

enum { STEP = 28, LOWEST_POWER = -11 * STEP };

/* 10^(28 i) from i = -11 to 11: the first 192 bits, floored. */
static const uint64_t coarse_powers[][3] = {
	{ 0xe61acf033d1a45df, 0x6fb92487298e33bd, 0xadd7728c20b99bd1 },
	{ 0xe858ad248f5c22c9, 0xd1b3400f8f9cff68, 0xf910f9f648232f14 },
	{ 0xea9c227723ee8bcb, 0x465e15a979c1cadc, 0x0a0ce827eac11f2d },
	{ 0xece53cec4a314ebd, 0xa4f8bf5635246428, 0x4609ac5c7899ca36 },
	{ 0xef340a98172aace4, 0x86fb897116c87c34, 0x9c39c1da4c49278d },
	{ 0xf18899b1bc3f8ca1, 0xdc44e6c3cb279ac1, 0xf80f36174730ca34 },
	{ 0xf3e2f893dec3f126, 0x5a89dba3c3efccfa, 0xd8ecb58659be9c90 },
	{ 0xf64335bcf065d37d, 0x4d4617b5ff4a16d5, 0xaa09501d5954a559 },
	{ 0xf8a95fcf88747d94, 0x75a44c6397ce912a, 0x33cca6c06b07b74d },
	{ 0xfb158592be068d2e, 0xeed6e2f0f0d56712, 0xac2e4f162cfad40a },
	{ 0xfd87b5f28300ca0d, 0x8bca9d6e188853fc, 0x76dcb60081ce0fa5 },
	{ 0x8000000000000000, 0x0000000000000000, 0x0000000000000000 },
	{ 0x813f3978f8940984, 0x4000000000000000, 0x0000000000000000 },
	{ 0x82818f1281ed449f, 0xbff8f10e7a8921a4, 0x2000000000000000 },
	{ 0x83c7088e1aab65db, 0x792667c6da79e0fa, 0x0861d3ee22d1cc53 },
	{ 0x850fadc09923329e, 0x03e2cf6bc604ddb0, 0x74a7ef0198791097 },
	{ 0x865b86925b9bc5c2, 0x0b8a2392ba45a9b2, 0x5c6658d409fb8bf7 },
	{ 0x87aa9aff79042286, 0x90fb44d2f05d0842, 0xfb118fc9c217a1d2 },
	{ 0x88fcf317f22241e2, 0x441fece3bdf81f03, 0x12f274928400100d },
	{ 0x8a5296ffe33cc92f, 0x82bd6b70d99aaa6f, 0xbc10c5c5cda97c8d },
	{ 0x8bab8eefb6409c1a, 0x1ad089b6c2f7548e, 0x25c7b885ba466e37 },
	{ 0x8d07e33455637eb2, 0xdb0b487b6423e1e8, 0x7ec63730f500b406 },
	{ 0x8e679c2f5e44ff8f, 0x570f09eaa7ea7648, 0x5961db50c6d2b886 },
};

/* 10^i from i = 0 to 27, exactly, shifted up to the top bit. */
static const uint64_t fine_powers[STEP] = {
	0x8000000000000000, 0xa000000000000000, 0xc800000000000000, 0xfa00000000000000,
	0x9c40000000000000, 0xc350000000000000, 0xf424000000000000, 0x9896800000000000,
	0xbebc200000000000, 0xee6b280000000000, 0x9502f90000000000, 0xba43b74000000000,
	0xe8d4a51000000000, 0x9184e72a00000000, 0xb5e620f480000000, 0xe35fa931a0000000,
	0x8e1bc9bf04000000, 0xb1a2bc2ec5000000, 0xde0b6b3a76400000, 0x8ac7230489e80000,
	0xad78ebc5ac620000, 0xd8d726b7177a8000, 0x878678326eac9000, 0xa968163f0a57b400,
	0xd3c21bcecceda100, 0x84595161401484a0, 0xa56fa5b99019a5c8, 0xcecb8f27f4200f3a,
};

/*
 * The first 128 bits of 10^power, floored, plus one; from 10^-308 to 10^335.  (The floored product
 * is that of the exact powers for each of these, which was checked once.)
 */
static struct u128 power_above(int power)
{
	unsigned index = (unsigned)(power - LOWEST_POWER);
	const uint64_t *coarse = coarse_powers[index / STEP];
	uint64_t fine = fine_powers[index % STEP];
	struct u128 top = multiply(coarse[0], fine), middle = multiply(coarse[1], fine);
	uint64_t third = middle.low + multiply(coarse[2], fine).high;

	middle.high += third < middle.low;
	top.low += middle.high;
	top.high += top.low < middle.high;
	if (top.high >> 63 == 0) {
		top.high = top.high << 1 | top.low >> 63;
		top.low = top.low << 1 | third >> 63;
	}
	top.low++;
	top.high += top.low == 0;
	return top;
}

/* floor(x / 2^shift) for x from -2^31 on; shifting a negative number is each compiler's own. */
static int floor_shift(int64_t x, unsigned shift)
{
	const int64_t bias = INT64_C(1) << 31;

	return (int)(((x + bias) >> shift) - (bias >> shift));
}

static int floor_log2_of_power(int power)
{
	return floor_shift(power * INT64_C(1741647), 19);
}

/* floor(log10(2^power)), or of three quarters of it. */
static int floor_log10(int power, bool three_quarters)
{
	return floor_shift(power * INT64_C(1262611) - (three_quarters ? 524031 : 0), 22);
}

/* floor(power * number / 2^128), with the lowest bit set if it was not exact. */
static uint64_t scale_to_odd(struct u128 power, uint64_t number)
{
	struct u128 product = multiply(power.high, number);
	uint64_t carry = multiply(power.low, number).high;

	product.low += carry;
	product.high += product.low < carry;
	/* the power is up to one unit too large, which reaches the lowest bit */
	return product.high | (product.low > 1);
}

/* A double and its interval in quarters of 10^exponent, each rounded to odd. */
struct scaled {
	uint64_t lower, value, upper;
	bool ends_read_back; /* half way is read as the even one of the two */
	int exponent;
};

static struct scaled scale(double number)
{
	uint64_t bits, fraction;
	bool at_power, normal;
	struct scaled scaled;
	int exponent, shift;
	struct u128 power;

	memcpy(&bits, &number, sizeof(bits));
	fraction = bits & (UINT64_MAX >> 12);
	normal = bits >> 52 != 0;
	exponent = (int)(bits >> 52) + !normal - 1075;
	/* the double below a power of two is half as far away as the one above */
	at_power = fraction == 0 && bits >> 52 > 1;
	fraction |= (uint64_t)normal << 52;

	scaled.exponent = floor_log10(exponent, at_power);
	power = power_above(-scaled.exponent);
	shift = exponent + floor_log2_of_power(-scaled.exponent) + 1;
	scaled.lower = scale_to_odd(power, (4 * fraction - 2 + at_power) << shift);
	scaled.value = scale_to_odd(power, (4 * fraction) << shift);
	scaled.upper = scale_to_odd(power, (4 * fraction + 2) << shift);
	scaled.ends_read_back = fraction % 2 == 0;
	return scaled;
}

/* `multiple` is in quarters too. */
static bool reads_back(const struct scaled *scaled, uint64_t multiple)
{
	if (scaled->ends_read_back)
		return scaled->lower <= multiple && multiple <= scaled->upper;
	return scaled->lower < multiple && multiple < scaled->upper;
}

static struct decimal without_zeros(struct decimal decimal)
{
	for (; decimal.digits % 100 == 0; decimal.digits /= 100)
		decimal.exponent += 2;
	for (; decimal.digits % 10 == 0; decimal.digits /= 10)
		decimal.exponent++;
	return decimal;
}

struct decimal shortest_decimal(double number)
{
	struct scaled scaled = scale(number);
	uint64_t below = scaled.value / 4, tens = below / 10, middle = 4 * below + 2;
	bool has_below, has_above, round_up;

	has_below = tens > 0 && reads_back(&scaled, 40 * tens);
	has_above = reads_back(&scaled, 40 * (tens + 1));
	if (has_below || has_above)
		return without_zeros(
			(struct decimal){ tens + (has_below ? 0 : 1), scaled.exponent + 1 });

	has_below = reads_back(&scaled, 4 * below);
	has_above = reads_back(&scaled, 4 * (below + 1));
	round_up = scaled.value > middle || (scaled.value == middle && below % 2 == 1);
	if (has_below != has_above)
		round_up = has_above;
	return without_zeros((struct decimal){ below + round_up, scaled.exponent });
}

// SPDX-License-Identifier: MIT
/* arch/x86/rtc.c - the wall clock of the CMOS, taken to run in UTC.
 *
 * Read twice until both agree, so that an update in between is not seen half done.
 * Context: boot and clock_settime. Checkpoint: none.
 * See the Motorola MC146818 data sheet. */
#include "arch/machine.h"
#include "arch/x86/internal.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA  0x71

enum {
	RTC_SECOND = 0, RTC_MINUTE = 2, RTC_HOUR = 4, RTC_DAY = 7, RTC_MONTH = 8, RTC_YEAR = 9,
	RTC_STATUS_A = 0xa, RTC_STATUS_B = 0xb,
};

#define A_UPDATING BIT(7)
#define B_BINARY   BIT(2)
#define B_24_HOURS BIT(1)
#define B_HALT     BIT(7)
#define HOUR_PM    0x80

#define SECONDS_PER_DAY 86400
#define DAYS_TO_1970    719468	/* from 1 March of year 0 */
#define DAYS_PER_ERA    146097	/* 400 years */

/* second, minute, hour, day, month, year, century */
#define NR_FIELDS 7
#define FIELD_YEAR 5
#define FIELD_CENTURY 6

static u8 rtc_get(u8 reg)
{
	outb(CMOS_INDEX, reg);
	return inb(CMOS_DATA);
}

static void rtc_put(u8 reg, u8 v)
{
	outb(CMOS_INDEX, reg);
	outb(CMOS_DATA, v);
}

static void rtc_registers(u8 regs[NR_FIELDS])
{
	static const u8 plain[] = {
		RTC_SECOND, RTC_MINUTE, RTC_HOUR, RTC_DAY, RTC_MONTH, RTC_YEAR,
	};

	memcpy(regs, plain, sizeof(plain));
	regs[FIELD_CENTURY] = acpi_power.century;
}

static void rtc_read_fields(u8 f[NR_FIELDS])
{
	u8 regs[NR_FIELDS];

	rtc_registers(regs);
	while (rtc_get(RTC_STATUS_A) & A_UPDATING)
		cpu_relax();
	for (unsigned i = 0; i < NR_FIELDS; i++)
		f[i] = regs[i] || i == 0 ? rtc_get(regs[i]) : 0;
}

static unsigned from_bcd(u8 v)
{
	return (v >> 4) * 10 + (v & 0xf);
}

static u8 to_bcd(unsigned v)
{
	return (u8)(v / 10 << 4 | v % 10);
}

/* Days since 1970 of a date of the Gregorian calendar; years start in March. */
static s64 days_from_date(s64 year, unsigned month, unsigned day)
{
	s64 y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	unsigned of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;

	return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year
		- DAYS_TO_1970;
}

static void date_from_days(s64 days, s64 *year, unsigned *month, unsigned *day)
{
	s64 z = days + DAYS_TO_1970, era = z / DAYS_PER_ERA, of_era = z - era * DAYS_PER_ERA;
	s64 y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = (unsigned)(of_era - (365 * y + y / 4 - y / 100));
	unsigned m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + era * 400 + (*month <= 2);
}

s64 clock_rtc_seconds(void)
{
	u8 f[NR_FIELDS], again[NR_FIELDS], mode = rtc_get(RTC_STATUS_B);
	unsigned v[NR_FIELDS], hour;
	s64 year;

	do {
		rtc_read_fields(f);
		rtc_read_fields(again);
	} while (memcmp(f, again, sizeof(f)) != 0);
	hour = f[2] & ~HOUR_PM;
	for (unsigned i = 0; i < NR_FIELDS; i++)
		v[i] = mode & B_BINARY ? f[i] : from_bcd(f[i]);
	v[2] = mode & B_BINARY ? hour : from_bcd((u8)hour);
	if (!(mode & B_24_HOURS))
		v[2] = v[2] % 12 + (f[2] & HOUR_PM ? 12 : 0);
	year = v[FIELD_YEAR] + (v[FIELD_CENTURY] ? v[FIELD_CENTURY] * 100 : 2000);
	return days_from_date(year, v[4], v[3]) * SECONDS_PER_DAY + v[2] * 3600 + v[1] * 60 + v[0];
}

void clock_rtc_set(s64 seconds)
{
	u8 regs[NR_FIELDS], mode = rtc_get(RTC_STATUS_B);
	s64 days = seconds / SECONDS_PER_DAY, rest = seconds % SECONDS_PER_DAY, year;
	unsigned v[NR_FIELDS];

	if (seconds < 0)
		return;
	date_from_days(days, &year, &v[4], &v[3]);
	v[0] = rest % 60;
	v[1] = rest / 60 % 60;
	v[2] = rest / 3600;
	v[FIELD_YEAR] = year % 100;
	v[FIELD_CENTURY] = year / 100;
	rtc_registers(regs);
	mode |= B_24_HOURS;
	rtc_put(RTC_STATUS_B, mode | B_HALT);
	for (unsigned i = 0; i < NR_FIELDS; i++)
		if (regs[i] || i == 0)
			rtc_put(regs[i], mode & B_BINARY ? (u8)v[i] : to_bcd(v[i]));
	rtc_put(RTC_STATUS_B, mode & ~B_HALT);
}

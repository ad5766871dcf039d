// SPDX-License-Identifier: MIT
/* boot/cmdline.c - the kernel command line, split into our options and init's words.
 *
 * Words are separated by blanks; double quotes keep blanks in a word and fall away.
 * A word of the table (boot/options.h) sets its variable. "--" ends our part: all that
 * follows are init's arguments. Other words: with a dot before any "=", dropped (a module's);
 * "key=value", init's environment (a later key replaces an earlier one); the rest,
 * arguments. More than INIT_ARGS_MAX of either are dropped. All strings point into
 * cmdline_words, which stays (EXT-CMD-01).
 * Locks: none; boot only. Checkpoint: none.
 * See bootparam(7), Linux's Documentation/admin-guide/kernel-parameters.rst. */
#include "boot/cmdline.h"

#include "boot/info.h"
#include "boot/options.h"

struct boot_option {
	const char *word;
	void (*set)(const char *value, void *variable);
	void *variable;
};

static char cmdline_words[BOOT_CMDLINE_MAX];

struct boot_options boot_options = {
	.rdinit = "/init",
	.compat = COMPAT_DEFAULT,
	.max_cpus = MAX_CPUS,
	.mem_limit = ~0UL,
	.init_argc = 1,
	.init_envp = { "HOME=/", "TERM=linux" },
	.init_envc = 2,
};

/* A number as in C, with a minus sign; stops at the first character that does not fit. */
static u64 parse_number(const char *s, const char **end)
{
	bool minus = *s == '-';
	unsigned base = 10;
	u64 n = 0;

	s += minus;
	if (s[0] == '0' && (s[1] | 0x20) == 'x')
		base = 16, s += 2;
	else if (s[0] == '0')
		base = 8;
	for (;; s++) {
		unsigned c = *s | 0x20;
		unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' ? c - 'a' + 10 : base;

		if (digit >= base)
			break;
		n = n * base + digit;
	}
	*end = s;
	return minus ? -n : n;
}

static u64 parse_whole(const char *s)
{
	const char *end;

	return parse_number(s, &end);
}

static void option_console(const char *value, void *variable)
{
	const char **list = variable;

	if (boot_options.nr_consoles < ARRAY_SIZE(boot_options.console))
		list[boot_options.nr_consoles++] = value;
}

static void option_string(const char *value, void *variable)
{
	*(const char **)variable = value;
}

/* What stood before init= was for another program. */
static void option_init(const char *value, void *variable)
{
	option_string(value, variable);
	boot_options.init_argc = 1;
}

static void option_int(const char *value, void *variable)
{
	*(int *)variable = (int)parse_whole(value);
}

static void option_u32(const char *value, void *variable)
{
	*(u32 *)variable = (u32)parse_whole(value);
}

static void option_u64(const char *value, void *variable)
{
	*(u64 *)variable = parse_whole(value);
}

static void option_flag(const char *value, void *variable)
{
	(void)value;
	*(bool *)variable = true;
}

static void option_bool(const char *value, void *variable)
{
	*(bool *)variable = parse_whole(value) != 0;
}

static void option_size(const char *value, void *variable)
{
	const char *end;
	u64 n = parse_number(value, &end);

	switch (*end | 0x20) {
	case 'g':
		n <<= 10;
		/* fall through */
	case 'm':
		n <<= 10;
		/* fall through */
	case 'k':
		n <<= 10;
	}
	*(u64 *)variable = n;
}

static void option_version(const char *value, void *variable)
{
	const char *dot;
	u64 major = parse_number(value, &dot);

	*(u32 *)variable =
		(u32)COMPAT_VERSION(major, *dot == '.' ? COMPAT_MINOR(parse_whole(dot + 1)) : 0);
}

static void option_numa(const char *value, void *variable)
{
	static const char fake[] = "fake=";

	if (strncmp(value, fake, sizeof(fake) - 1) == 0)
		option_u32(value + sizeof(fake) - 1, variable);
}

static void option_nosmp(const char *value, void *variable)
{
	(void)value;
	*(u32 *)variable = 1;
}

static void option_ignored(const char *value, void *variable)
{
	(void)value;
	(void)variable;
}

#define OPTION(word, kind, variable, text) { word, option_##kind, &variable },
static const struct boot_option boot_option_table[] = { BOOT_OPTIONS(OPTION) };
#undef OPTION

/* Cuts the next word off *line, removing its quotes in place; NULL at the end. */
static char *next_word(char **line)
{
	char *in = *line, *word, *out;
	bool quoted = false;

	while (*in == ' ' || *in == '\t' || *in == '\n')
		in++;
	if (!*in)
		return NULL;
	for (word = out = in; *in && (quoted || (*in != ' ' && *in != '\t' && *in != '\n')); in++) {
		if (*in == '"')
			quoted = !quoted;
		else
			*out++ = *in;
	}
	*line = *in ? in + 1 : in;
	*out = '\0';
	return word;
}

static void add_argument(const char *word)
{
	if (boot_options.init_argc < INIT_ARGS_MAX)
		boot_options.init_argv[boot_options.init_argc++] = word;
}

/* key_len: length of the key with its "=". */
static void add_environment(const char *word, size_t key_len)
{
	unsigned i;

	for (i = 0; i < boot_options.init_envc; i++)
		if (strncmp(boot_options.init_envp[i], word, key_len) == 0)
			break;
	if (i == INIT_ARGS_MAX)
		return;
	boot_options.init_envp[i] = word;
	if (i == boot_options.init_envc)
		boot_options.init_envc++;
}

static bool set_option(const char *word, size_t len, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(boot_option_table); i++) {
		const struct boot_option *o = &boot_option_table[i];

		if (strlen(o->word) == len && strncmp(o->word, word, len) == 0) {
			o->set(value, o->variable);
			return true;
		}
	}
	return false;
}

/* Sorts one word that stands before "--". */
static void take_word(const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);

	if (set_option(word, len, equals ? equals + 1 : ""))
		return;
	if (memchr(word, '.', len))
		return;
	if (equals)
		add_environment(word, len + 1);
	else
		add_argument(word);
}

void cmdline_parse(const char *cmdline)
{
	char *line = cmdline_words, *word;
	bool ours = true;

	strncpy(cmdline_words, cmdline, sizeof(cmdline_words) - 1);
	while ((word = next_word(&line))) {
		if (!ours)
			add_argument(word);
		else if (strcmp(word, "--") == 0)
			ours = false;
		else
			take_word(word);
	}
}

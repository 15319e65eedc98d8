#include <libxml/xmlversion.h>
// Where libxml2 is built with ICU its headers include ICU's, which clash with those inside Swift's Foundation in a
// program that uses both. Only the insides of a converter, not used here, depend on it.
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>
#include <locale.h>

// Glibc's Swift module leaves out strtod_l, an extension of POSIX; numbers in XML files must not depend on
// the user's locale.
extern double strtod_l(const char *text, char **end, locale_t locale);

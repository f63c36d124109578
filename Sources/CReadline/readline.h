// GNU Readline needs the declaration of FILE before its own.
#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>

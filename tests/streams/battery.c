/* A battery of TestU01 (L'Ecuyer and Simard, ACM Trans. Math. Softw. 33 (2007) 22) on standard input. One line a p value:
   test, name, p. Words are 64 bits, taken as 32 high and 32 low bits; `doubles` are uniform numbers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <TestU01.h>

static uint64_t buffer[1 << 15];
static size_t used, filled;

static uint64_t word(void) {
    if (used == filled) {
        filled = fread(buffer, sizeof buffer[0], sizeof buffer / sizeof buffer[0], stdin);
        used = 0;
        if (filled == 0) {
            fputs("battery: the input ends\n", stderr);
            exit(2);
        }
    }
    return buffer[used++];
}

static unsigned int halves(void) {
    static uint64_t rest;
    static int low;
    low = !low;
    if (low) {
        rest = word();
        return (unsigned int)(rest >> 32);
    }
    return (unsigned int)rest;
}

static double uniform(void) {
    uint64_t bits = word();
    double value;
    memcpy(&value, &bits, sizeof value);
    return value < 1.0 ? value : 0x1.fffffffffffffp-1;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fputs("battery: words|doubles small|crush|rabbit|alphabit\n", stderr);
        return 2;
    }
    int doubles = !strcmp(arguments[1], "doubles");
    const char *which = arguments[2];
    unif01_Gen *generator = doubles ? unif01_CreateExternGen01("standard input", uniform)
                                    : unif01_CreateExternGenBits("standard input", halves);
    swrite_Basic = FALSE;
    if (!strcmp(which, "small"))
        bbattery_SmallCrush(generator);
    else if (!strcmp(which, "crush"))
        bbattery_Crush(generator);
    else if (!strcmp(which, "rabbit"))
        bbattery_Rabbit(generator, 268435456.0);
    else if (!strcmp(which, "alphabit"))
        bbattery_Alphabit(generator, 1073741824.0, 0, 32);
    else
        return 2;
    for (int i = 0; i < bbattery_NTests; i++)
        printf("p\t%s\t%.17g\n", bbattery_TestNames[i], bbattery_pVal[i]);
    return 0;
}

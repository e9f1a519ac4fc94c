/**
 * Known bugs that are put back, to see that the tests which stand behind the rules would find them:
 * a judge that never objects proves nothing. The program itself has no switches for this. A canary
 * is a patch in src/test/resources/canary; {@link org.rale.canary.CanaryTest} compiles the patched
 * sources into memory and runs seeds until one fails. docs/CANARIES.md says how to add one.
 */
package org.rale.canary;

package org.rale.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class PatchTest {
  private static final String TEXT =
      """
      Bug: A head, which says what it is.

      diff --git a/A.java b/A.java
      --- a/A.java
      +++ b/A.java
      @@ -7,3 +7,2 @@ class A
       one
      -two
      -three
      +2
      @@ -90,2 +89,3 @@
       ten

      +eleven
      diff --git a/B.java b/B.java
      --- a/B.java
      +++ b/B.java
      @@ -1 +1 @@
      -b
      +B
      """;

  private final Patch patch = new Patch("sample", TEXT.replace("ten\n\n", "ten\n \n"));

  @Test
  void eachFileGetsItsHunksWhereverTheirLinesStand() {
    assertThat(patch.files()).containsExactly("A.java", "B.java");
    assertThat(patch.applyTo("A.java", "zero\none\ntwo\nthree\nfour\nten\n\nmore\n"))
        .isEqualTo("zero\none\n2\nfour\nten\n\neleven\nmore\n");
    assertThat(patch.applyTo("B.java", "b\n")).isEqualTo("B\n");
  }

  @Test
  void onlyWholeLinesCount() {
    assertThat(patch.applyTo("B.java", "ab\nb\nbc\n")).isEqualTo("ab\nB\nbc\n");
  }

  @Test
  void whatStandsNowhereOrTwiceIsOutOfDate() {
    assertThatThrownBy(() -> patch.applyTo("B.java", "c\n"))
        .hasMessageContaining("sample is out of date")
        .hasMessageContaining("nowhere in B.java");
    assertThatThrownBy(() -> patch.applyTo("B.java", "b\nc\nb\n"))
        .hasMessageContaining("more than once in B.java");
  }

  @Test
  void aPatchChangesSomething() {
    assertThatThrownBy(() -> new Patch("empty", "Bug: none\n")).hasMessage("empty changes nothing");
  }
}

package org.rale.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure prints besides the last events of all. */
final class TraceTest {
  private final Trace trace = new Trace(new Schedule(), false);

  /** Two events of other nodes, then more of node 1 than the last events are. */
  private String textOf(String sentence) {
    trace.add("node", 2, "answers", "c1-7-xx");
    trace.add("node", 3, "is killed");
    for (int i = 0; i < 500; i++) {
      trace.add("node", 1, "steps");
    }
    return trace.text(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node 2 goes back                          | true  | false
          nodes 2 and 3 both lead term 7            | true  | true
          there is still missing: a write at nodes [2, 3] | true | true
          there is still missing: a write at nodes [3]    | false | true
          no order of the operations on k0: client 1 PUT k0=c1-7-xx | true | false
          node 1 goes back                          | false | false
          nothing goes wrong, and the terms rise    | false | false
          """)
  void theLastEventsOfTheNodesAndValuesThatTheSentenceNamesAreShown(
      String sentence, boolean second, boolean third) {
    String text = textOf(sentence);
    assertThat(text.contains("node 2 answers")).as(text).isEqualTo(second);
    assertThat(text.contains("node 3 is killed")).as(text).isEqualTo(third);
    assertThat(text).endsWith("node 1 steps");
  }
}

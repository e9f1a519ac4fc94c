package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * A condition of a transaction. Of a key that does not exist revision, created revision and version
 * are 0, and no value is its value.
 *
 * @param number what a number is compared with; of {@link Target#EXISTS} 1 or 0; of {@link
 *     Target#VALUE} 0
 * @param value what a value is compared with, otherwise empty
 */
public record Compare(Bytes key, Target target, Relation relation, long number, Bytes value) {
  /** What of the key is compared. The order is that of the codes in {@link TxnCodec}. */
  public enum Target {
    REVISION,
    CREATED_REVISION,
    VERSION,
    VALUE,
    EXISTS;

    /** Whether less and greater say anything of it. */
    public boolean isOrdered() {
      return this != VALUE && this != EXISTS;
    }
  }

  /** The order is that of the codes in {@link TxnCodec}. */
  public enum Relation {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    GREATER(">");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case GREATER -> order > 0;
      };
    }
  }

  public Compare {
    boolean good =
        (target.isOrdered() || relation == Relation.EQUAL || relation == Relation.NOT_EQUAL)
            && number >= 0
            && (target != Target.EXISTS || number <= 1)
            && (target == Target.VALUE ? number == 0 : value.isEmpty());
    if (!good) {
      throw new IllegalArgumentException("no condition: " + target + " " + relation);
    }
  }

  /**
   * @param target not the value
   */
  public static Compare number(Bytes key, Target target, Relation relation, long number) {
    return new Compare(key, target, relation, number, Bytes.EMPTY);
  }

  public static Compare value(Bytes key, Relation relation, Bytes value) {
    return new Compare(key, Target.VALUE, relation, 0, value);
  }

  boolean holds(@Nullable Row row) {
    return switch (target) {
      case REVISION -> relation.holds(Long.compare(row == null ? 0 : row.revision(), number));
      case CREATED_REVISION ->
          relation.holds(Long.compare(row == null ? 0 : row.createdRevision(), number));
      case VERSION -> relation.holds(Long.compare(row == null ? 0 : row.version(), number));
      case VALUE ->
          relation.holds(row != null && Arrays.equals(row.value(), value.shared()) ? 0 : 1);
      case EXISTS -> relation.holds(Long.compare(row == null ? 0 : 1, number));
    };
  }
}

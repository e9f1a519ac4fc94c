package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows, each under a number that it keeps as long as its key is there; both indexes, {@link
 * HashIndex} and {@link KeyIndex}, hold numbers. So an overwrite changes one reference here and
 * neither index, and an image goes from the order of keys to the rows without a look-up. It is what
 * a heap and its indexes are in PostgreSQL, where an overwrite that leaves the indexes alone is
 * called HOT.
 *
 * <p>Rows stand in pages. {@link #freeze} hands out the pages, and a page is copied when it is next
 * changed: a kilobyte, once for each freeze. What is copied at once is the array of pages, 16 KB at
 * a million rows. A page without rows takes no memory, one with a single row a kilobyte.
 *
 * <p>Numbers depend on the history (a new row takes a place that a deleted one has left), so
 * nothing that leaves the node may depend on them.
 */
final class RowHeap {
  static final int PAGE_ROWS = 1 << RowHeap.PAGE_BITS;

  /** In place of a number: no row. */
  static final int NONE = -1;

  private static final int PAGE_BITS = 8;
  private static final @Nullable Row[] NO_PAGE = {};

  private @Nullable Row[][] pages = {};
  private int pageCount;
  private int size;

  /** Whether the page belongs to no frozen heap. */
  private boolean[] alone = {};

  /** How many rows stand in each page. */
  private short[] rows = {};

  /** In each page, no place below this one is free. */
  private short[] searchFrom = {};

  /** Pages that have room, each once; the last one gets the next row. */
  private int[] withRoom = {};

  private int withRoomCount;

  int size() {
    return size;
  }

  /** For how many rows there is memory. */
  long capacity() {
    return Arrays.stream(pages, 0, pageCount).mapToLong(page -> page.length).sum();
  }

  /** Returns the row's number, 0 or more; of the first rows of a new heap, their order. */
  int add(Row row) {
    if (withRoomCount == 0) {
      addPage();
    }
    int page = withRoom[withRoomCount - 1];
    @Nullable Row[] places = own(page);
    int place = searchFrom[page];
    while (places[place] != null) {
      place++;
    }
    places[place] = row;
    searchFrom[page] = (short) (place + 1);
    size++;
    if (++rows[page] == PAGE_ROWS) {
      withRoomCount--;
    }
    return page << PAGE_BITS | place;
  }

  /**
   * @param number of a row that is there
   */
  Row get(int number) {
    return present(pages, number);
  }

  void set(int number, Row row) {
    present(pages, number);
    own(page(number))[place(number)] = row;
  }

  void remove(int number) {
    present(pages, number);
    int page = page(number);
    int place = place(number);
    if (rows[page] == PAGE_ROWS) {
      withRoom[withRoomCount++] = page;
    }
    rows[page]--;
    if (rows[page] == 0) {
      pages[page] = NO_PAGE;
    } else {
      own(page)[place] = null;
    }
    searchFrom[page] = (short) Math.min(searchFrom[page], place);
    size--;
  }

  /** The rows as they are, unmoved by what comes after. */
  Frozen freeze() {
    alone = new boolean[pages.length];
    return new Frozen(Arrays.copyOf(pages, pageCount));
  }

  /** Pages that are never changed again. */
  static final class Frozen {
    private final @Nullable Row[][] pages;

    private Frozen(@Nullable Row[][] pages) {
      this.pages = pages;
    }

    Row get(int number) {
      return present(pages, number);
    }
  }

  private static int page(int number) {
    return number >>> PAGE_BITS;
  }

  private static int place(int number) {
    return number & (PAGE_ROWS - 1);
  }

  private static Row present(@Nullable Row[][] pages, int number) {
    @Nullable Row[] places = pages[page(number)];
    Row row = places == NO_PAGE ? null : places[place(number)];
    if (row == null) {
      throw new IllegalStateException("no row has number " + number);
    }
    return row;
  }

  private void addPage() {
    if (pageCount == pages.length) {
      int capacity = 2 * pageCount + 16;
      pages = Arrays.copyOf(pages, capacity);
      alone = Arrays.copyOf(alone, capacity);
      rows = Arrays.copyOf(rows, capacity);
      searchFrom = Arrays.copyOf(searchFrom, capacity);
      withRoom = Arrays.copyOf(withRoom, capacity);
    }
    pages[pageCount] = NO_PAGE;
    withRoom[withRoomCount++] = pageCount++;
  }

  /** The page, to be changed. */
  private @Nullable Row[] own(int page) {
    if (pages[page] == NO_PAGE) {
      pages[page] = new Row[PAGE_ROWS];
    } else if (!alone[page]) {
      pages[page] = pages[page].clone();
    }
    alone[page] = true;
    return pages[page];
  }
}

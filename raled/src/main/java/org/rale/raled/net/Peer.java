package org.rale.raled.net;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rale.request.PathInfo;
import org.rale.wire.Datagram;
import org.rale.wire.Identity;

/**
 * All that is known of the ways to one node. Belongs to home; what the node's turn reads as well is
 * volatile.
 */
final class Peer {
  private final int nodeId;
  private final UdpPath udpPath;
  private final ReplayWindow window = new ReplayWindow();
  private final PathQuality quality;
  private final Contact contact;
  private long lastSequence;

  private @Nullable Dialer dialer;
  private @Nullable Link dialled;
  private @Nullable Link accepted;
  private @Nullable Identity announced;

  /** Of the protocol, as it was announced. */
  private int version;

  /** The peer's process that datagrams are taken of; 0: none was heard yet. */
  private long process;

  private volatile @Nullable Link route;
  private volatile @Nullable InetSocketAddress datagramAddress;

  /**
   * @param firstSequence datagrams to the node are numbered from here
   */
  Peer(int nodeId, UdpPath udpPath, PathQuality quality, Contact contact, long firstSequence) {
    this.nodeId = nodeId;
    this.udpPath = udpPath;
    this.quality = quality;
    this.contact = contact;
    this.lastSequence = firstSequence;
  }

  int nodeId() {
    return nodeId;
  }

  /** Any thread. */
  UdpPath udpPath() {
    return udpPath;
  }

  /** The link that messages go over; null: none. Any thread. */
  @Nullable Link route() {
    return route;
  }

  /** Where datagrams go; null: not known yet, or not wanted. Any thread. */
  @Nullable InetSocketAddress datagramAddress() {
    return datagramAddress;
  }

  /** What was measured over the way to another address does not hold for this one. */
  void datagramAddress(@Nullable InetSocketAddress address) {
    if (!Objects.equals(address, datagramAddress)) {
      quality.forget();
      datagramAddress = address;
    }
  }

  /** Any thread. */
  Contact contact() {
    return contact;
  }

  /** A datagram came that is the peer's, and fresh. */
  void datagramCame(Datagram datagram) {
    if (!udpPath.hears()) {
      // The path was another one, or none, in between.
      quality.forget();
      Dialer waiting = dialer;
      if (waiting != null) {
        waiting.heardAgain();
      }
    }
    quality.arrived(datagram.sequence(), datagram.stamps());
    udpPath.datagramCame(datagram.heard());
    contact.heard();
  }

  /** For a datagram that leaves now. */
  Datagram.Stamps stamps() {
    return quality.leaving();
  }

  /** The way in use, and what was measured of it. Any thread. */
  PathInfo path() {
    if (udpPath.works()) {
      return new PathInfo(
          PathInfo.Use.UDP,
          quality.roundTripMicros(),
          quality.deviationMicros(),
          quality.jitterMicros(),
          quality.lossPermille(),
          contact.ms());
    }
    return PathInfo.of(route == null ? PathInfo.Use.NONE : PathInfo.Use.TCP, contact.ms());
  }

  ReplayWindow window() {
    return window;
  }

  /**
   * Whether a datagram of that process is the peer's. While a link stands, or datagrams of one
   * process come, those of another are a twin's: a data directory that was copied must not vote
   * twice (S-06).
   */
  boolean speaks(long speaker) {
    if (speaker != process) {
      if (linked() || udpPath.hears()) {
        return false;
      }
      process(speaker);
    }
    return true;
  }

  /** From now on datagrams of this process are taken, which numbers them anew. */
  void process(long speaker) {
    if (speaker != process) {
      process = speaker;
      window.reset();
      quality.forget();
    }
  }

  /** A link to another process of the same identity than this one; null: there is none. */
  @Nullable Link twinOf(Identity identity, long speaker) {
    if (isTwin(dialled, identity, speaker)) {
      return dialled;
    }
    return isTwin(accepted, identity, speaker) ? accepted : null;
  }

  private static boolean isTwin(@Nullable Link link, Identity identity, long speaker) {
    return link != null
        && link.process() != speaker
        && link.peer().incarnation() == identity.incarnation();
  }

  long nextSequence() {
    return ++lastSequence;
  }

  @Nullable Dialer dialer() {
    return dialer;
  }

  void dialer(@Nullable Dialer next) {
    dialer = next;
  }

  @Nullable Link dialled() {
    return dialled;
  }

  @Nullable Link accepted() {
    return accepted;
  }

  /** Who the rules believe to be linked to; null: nobody. */
  @Nullable Identity announced() {
    return announced;
  }

  void announced(@Nullable Identity identity) {
    announced = identity;
  }

  int version() {
    return version;
  }

  void version(int ofLink) {
    version = ofLink;
  }

  /** Takes the link in, and returns the one that it replaces. */
  @Nullable Link put(Link link) {
    Link replaced;
    if (link.dialled()) {
      replaced = dialled;
      dialled = link;
    } else {
      replaced = accepted;
      accepted = link;
    }
    choose();
    return replaced;
  }

  /** False where the link was replaced before. */
  boolean remove(Link link) {
    if (link == dialled) {
      dialled = null;
    } else if (link == accepted) {
      accepted = null;
    } else {
      return false;
    }
    choose();
    return true;
  }

  boolean linked() {
    return dialled != null || accepted != null;
  }

  /**
   * Two links stand as a rule, one dialled by each side. Between them there is no order, so the one
   * that is used stays in use while it stands: what overtakes is turned away, and sent again.
   */
  private void choose() {
    if (route == null || (route != dialled && route != accepted)) {
      route = dialled != null ? dialled : accepted;
    }
  }
}

/// A Swift value that a box of the heap owns: it lives as long as a copy of the box does.
package final class Resource: Sendable {
  package let value: any Sendable
  /// How much memory it takes, for deciding when to collect.
  package let byteCount: Int

  package init(_ value: any Sendable, byteCount: Int) {
    self.value = value
    self.byteCount = byteCount
  }
}

extension BoxObject {
  /// The last field of such a box is an owned reference.
  static let ownerFlag: UInt64 = 1 << 9

  /// The value that the box owns; nil when it owns none.
  package var resource: Resource? {
    if object.isNull || object.words[0] & Self.ownerFlag == 0 { return nil }
    return reference?.takeUnretainedValue()
  }

  /// How many fields are part of the value: all but an owned reference.
  var valueFieldCount: Int {
    object.words[0] & Self.ownerFlag == 0 ? fieldCount : fieldCount - 1
  }

  /// The last field as a reference, of a box that owns one.
  fileprivate var reference: Unmanaged<Resource>? {
    UnsafeRawPointer(bitPattern: UInt(fields[fieldCount - 1])).map { .fromOpaque($0) }
  }
}

/// The boxes of an arena that own Swift values.
struct ResourceOwners: ~Copyable {
  private var boxes: [BoxObject] = []
  private(set) var byteCount = 0

  /// Makes a box the owner of a value.
  mutating func give(_ resource: Resource, to box: BoxObject) {
    let reference = Unmanaged.passRetained(resource)
    box.fields[box.fieldCount - 1] = UInt64(UInt(bitPattern: reference.toOpaque()))
    box.object.words[0] |= BoxObject.ownerFlag
    adopt(box)
  }

  /// Takes a box that has been moved here, with what it owns.
  mutating func adopt(_ box: BoxObject) {
    boxes.append(box)
    byteCount += box.resource?.byteCount ?? 0
  }

  /// Takes a box that has been copied: the original goes on owning the value.
  mutating func share(_ box: BoxObject) {
    _ = box.reference?.retain()
    adopt(box)
  }

  mutating func absorb(_ other: inout ResourceOwners) {
    boxes += other.boxes
    byteCount += other.byteCount
    other.boxes = []
    other.byteCount = 0
  }

  /// Gives back what boxes own that have not moved elsewhere. The boxes must still be there.
  mutating func release() {
    for box in boxes where box.object.words[0] & BoxObject.ownerFlag != 0 {
      box.reference?.release()
    }
    boxes = []
    byteCount = 0
  }
}

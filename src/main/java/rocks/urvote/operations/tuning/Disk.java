package rocks.urvote.operations.tuning;

/// What kind of disk the database lies on: it decides what reading out of order costs.
public enum Disk {
    SSD,
    HDD
}

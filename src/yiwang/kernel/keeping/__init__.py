"""What keeps an instance from loss: backups taken, rotated and restored; lamps of its health."""

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>What the key that two files are joined by looks like.</summary>
internal enum JoinKey
{
    None = 0,

    /// <summary>A whole number of 64 bits.</summary>
    Number = 1,

    /// <summary>A digest: 64 hex digits in the file, 32 bytes in the room, and 32 bytes in the plain Parquet.</summary>
    Digest = 2,

    /// <summary>A UUID, 16 bytes in both.</summary>
    Uuid = 3,

    /// <summary>A match key of 16 bytes in the room, the first half of a digest as a UUID; 64 hex digits in the plain Parquet.</summary>
    Token = 4,

    /// <summary>An e-mail address under a profile, which the room keeps as a token of 32 bytes; its digest as 64 hex digits in the plain Parquet.</summary>
    Email = 5,
}

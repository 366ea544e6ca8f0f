namespace CleanRoom.Privacy.Noise;

/// <summary>The integers that a sampler reckons with. All give the same draws; narrow ones are faster.</summary>
internal enum IntegerWidth
{
    /// <summary>Integers of any length.</summary>
    Any,

    /// <summary>64 bits.</summary>
    Bits64,

    /// <summary>128 bits.</summary>
    Bits128,

    /// <summary>256 bits.</summary>
    Bits256,
}

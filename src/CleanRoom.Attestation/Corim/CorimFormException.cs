namespace CleanRoom.Attestation.Corim;

/// <summary>Ends the reading of a CoRIM; never leaves <see cref="CorimPolicy"/>.</summary>
/// <param name="wanted">What was wanted.</param>
/// <param name="got">What was found.</param>
internal sealed class CorimFormException(string wanted, string got) : Exception($"wanted {wanted}; got {got}")
{
    /// <summary>Gets what was wanted.</summary>
    public string Wanted { get; } = wanted;

    /// <summary>Gets what was found.</summary>
    public string Got { get; } = got;
}

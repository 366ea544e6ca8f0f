namespace CleanRoom.Cryptography.Sharing;

/// <summary>One share of a secret.</summary>
/// <param name="Index">Where the polynomials were evaluated: 1 to 255. Public.</param>
/// <param name="Value">As long as the secret. Disposed with the share.</param>
public sealed record SecretShare(int Index, SecretBytes Value) : IDisposable
{
    /// <summary>Zeroes the value.</summary>
    public void Dispose() => Value.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

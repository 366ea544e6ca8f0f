namespace CleanRoom.Cryptography.Keys;

/// <summary>The keys of one start of a node: made at boot in the guest, bound in its evidence, never stored.</summary>
public sealed class NodeKeys : IDisposable
{
    private NodeKeys(ISigningKey sign, IAgreementKey seal) => (Sign, Seal) = (sign, seal);

    /// <summary>Gets the key that signs the node's statements.</summary>
    public ISigningKey Sign { get; }

    /// <summary>Gets the HPKE key that channels and handovers are sealed to.</summary>
    public IAgreementKey Seal { get; }

    /// <summary>Makes fresh keys.</summary>
    public static async ValueTask<NodeKeys> GenerateAsync(ICryptoBackend backend, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var sign = await backend.GenerateSigningKeyAsync(cancellationToken);
        try
        {
            return new NodeKeys(sign, await backend.GenerateAgreementKeyAsync(cancellationToken));
        }
        catch
        {
            sign.Dispose();
            throw;
        }
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        Sign.Dispose();
        Seal.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

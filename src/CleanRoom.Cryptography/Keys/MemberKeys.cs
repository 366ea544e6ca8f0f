using CleanRoom.Cryptography.Signatures;

namespace CleanRoom.Cryptography.Keys;

/// <summary>A member's three keys, ready for use; they need not be extractable.</summary>
public sealed class MemberKeys : IDisposable
{
    /// <summary>Takes keys and disposes them with this object.</summary>
    public MemberKeys(ISigningKey sign, IAgreementKey receive, IWitnessKey witness)
    {
        ArgumentNullException.ThrowIfNull(sign);
        ArgumentNullException.ThrowIfNull(receive);
        ArgumentNullException.ThrowIfNull(witness);
        (Sign, Receive, Witness) = (sign, receive, witness);
    }

    /// <summary>Gets the key that signs statements.</summary>
    public ISigningKey Sign { get; }

    /// <summary>Gets the HPKE key that opens results and self-grants.</summary>
    public IAgreementKey Receive { get; }

    /// <summary>Gets the key that cosigns checkpoints.</summary>
    public IWitnessKey Witness { get; }

    /// <summary>Makes usable keys of private parts.</summary>
    /// <param name="backend">Holds the keys.</param>
    /// <param name="secrets">Copied: the caller still disposes them.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    public static async ValueTask<MemberKeys> ImportAsync(
        ICryptoBackend backend, MemberSecrets secrets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(secrets);
        var sign = await backend.ImportSigningKeyAsync(secrets.Sign, cancellationToken);
        try
        {
            var receive = await backend.ImportAgreementKeyAsync(secrets.Receive, cancellationToken);
            return new MemberKeys(sign, receive, Ed25519Key.FromSeed(secrets.Witness));
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
        Receive.Dispose();
        Witness.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Keys;

/// <summary>What a charged run draws from: the same for every try of one charge, so that a retry gives the same answer.</summary>
/// <remarks>
/// HKDF-SHA256(guest-only key, no salt, label || charge leaf), 32 bytes each; never stored. Who derives one disposes it.
/// Spec: contracts/spec/0010 s.5, 0014 s.3.
/// </remarks>
public static class RunSeeds
{
    /// <summary>Derives the seed of the run's noise.</summary>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    /// <param name="chargeLeaf">The hash of the charge's leaf.</param>
    public static SecretBytes Noise(SecretBytes guestOnlyKey, Digest chargeLeaf) => Derive(guestOnlyKey, Labels.NoiseSeed, chargeLeaf);

    /// <summary>Derives what orders a person's groups. The engine learns it, for this run alone.</summary>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    /// <param name="chargeLeaf">The hash of the charge's leaf.</param>
    public static SecretBytes BoundingSalt(SecretBytes guestOnlyKey, Digest chargeLeaf) => Derive(guestOnlyKey, Labels.BoundingSalt, chargeLeaf);

    /// <summary>Derives the salt under which the log holds who is in a list, where the answer itself does not say it. It never leaves the guest.</summary>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    /// <param name="chargeLeaf">The hash of the charge's leaf.</param>
    public static SecretBytes ReleaseSalt(SecretBytes guestOnlyKey, Digest chargeLeaf) => Derive(guestOnlyKey, Labels.ReleaseSalt, chargeLeaf);

    private static SecretBytes Derive(SecretBytes guestOnlyKey, ReadOnlySpan<byte> label, Digest chargeLeaf)
    {
        ArgumentNullException.ThrowIfNull(guestOnlyKey);
        return SecretKdf.Derive(guestOnlyKey.Span, salt: [], [.. label, .. chargeLeaf.ToArray()]);
    }
}

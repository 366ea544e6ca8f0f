using CleanRoom.Cryptography.Bcl;

namespace CleanRoom.Cryptography.Tests.Support;

/// <summary>The backend under test and keys of given scalars.</summary>
internal static class TestKeys
{
    internal static BclCryptoBackend Backend { get; } = new();

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<IAgreementKey> AgreementAsync(byte[] scalar)
    {
        using var secret = SecretBytes.Take(scalar);
        return await Backend.ImportAgreementKeyAsync(secret, Cancel);
    }
}

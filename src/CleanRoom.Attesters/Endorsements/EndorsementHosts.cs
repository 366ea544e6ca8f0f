namespace CleanRoom.Attesters.Endorsements;

/// <summary>Where endorsements may be asked for: the makers, by https at its own port.</summary>
/// <remarks>AWS Nitro is not among them: its documents carry their chain, its root is pinned, and it publishes no revocation list.</remarks>
internal static class EndorsementHosts
{
    private static readonly string[] _hosts = [AmdKds.Host, IntelPcs.Host, IntelPcs.CertificatesHost, IntelPcs.AzureHost];

    /// <summary>Returns whether the address is one.</summary>
    public static bool Allows(Uri address) =>
        address == AzureThim.CertificationAddress
        || (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && address.UserInfo.Length == 0
            && _hosts.Contains(address.Host, StringComparer.Ordinal));
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CleanRoom.Attestation.Peers;
using CleanRoom.Grains.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Peers;

/// <summary>The certificate that this node shows to other nodes: made here, with evidence about its key, and made anew before it ends.</summary>
/// <remarks>Each has a key of its own, which is in this process alone and is never written. Spec: contracts/spec/0020 s.2.</remarks>
internal sealed partial class PeerCertificates : IAsyncDisposable
{
    private const string Subject = "CN=cleanroom-peer";

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan _renewAfter = TimeSpan.FromHours(12);
    private static readonly TimeSpan _tryAgainAfter = TimeSpan.FromMinutes(1);

    // Clocks of peers differ by some seconds: a certificate from this very moment would be refused by the one that is behind.
    private static readonly TimeSpan _clockSlack = TimeSpan.FromMinutes(5);

    private readonly NodeIdentity _identity;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _renewal;

    private PeerCertificates(NodeIdentity identity, TimeProvider time, ILogger logger, (X509Certificate2 Certificate, NodeAttestation Attestation) first)
    {
        _identity = identity;
        _time = time;
        _logger = logger;
        (Current, First) = first;
        _renewal = time.CreateTimer(_ => _ = RenewAsync(), state: null, _renewAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the newest certificate, with its private key.</summary>
    /// <remarks>One that was replaced is left to its finalizer: a handshake may still be using it.</remarks>
    public X509Certificate2 Current { get; private set; }

    /// <summary>Gets what the first certificate says of this node.</summary>
    public NodeAttestation First { get; }

    /// <summary>Makes the first certificate.</summary>
    public static async Task<PeerCertificates> CreateAsync(NodeIdentity identity, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        new(identity, time, logger, await IssueAsync(identity, time, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync();
        Current.Dispose();
    }

    private static async Task<(X509Certificate2 Certificate, NodeAttestation Attestation)> IssueAsync(NodeIdentity identity, TimeProvider time, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var attestation = await identity.AttestAsync(BindingSubject.Peer(PeerCertificate.NonceOf(key.ExportSubjectPublicKeyInfo())), cancellationToken);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(PeerCertificate.EvidenceExtension, DocumentCodec.Encode(attestation), critical: false));
        var now = time.GetUtcNow();
        return (request.CreateSelfSigned(now - _clockSlack, now + _lifetime), attestation);
    }

    private async Task RenewAsync()
    {
        var next = _renewAfter;
        try
        {
            Current = (await IssueAsync(_identity, _time, CancellationToken.None)).Certificate;
        }
#pragma warning disable CA1031 // A timer has nobody who would catch it; without evidence the old certificate serves until it ends, and then none does.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogRenewalFailed(exception, Timestamp.From(Current.NotAfter));
            next = _tryAgainAfter;
        }

        _renewal.Change(next, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(4101, LogLevel.Error, "No evidence for a new certificate to other nodes; the present one ends at {End}, and it is tried again")]
    private partial void LogRenewalFailed(Exception exception, Timestamp end);
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Peers;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Rolls;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using Orleans.Connections.Security;

namespace CleanRoom.Node.Peers;

/// <summary>How the processes of a cluster speak: TLS 1.3, and each end appraises the other's evidence before a byte of a message passes.</summary>
/// <remarks>
/// The certificate's key signs the handshake, so neither copied evidence nor a certificate without its key is of use. Sessions are not resumed: each
/// connection is appraised as of its own moment. Spec: contracts/spec/0020.
/// </remarks>
internal sealed partial class PeerTransport : IAsyncDisposable
{
    // What a client says that it wants to reach; the name is not looked at, the evidence is.
    internal const string HostName = "cleanroom-peer";

    private static readonly TimeSpan _handshake = TimeSpan.FromSeconds(10);

    private readonly PeerCertificates _certificates;
    private readonly FleetPolicy _fleet;
    private readonly IReadOnlyList<IEvidenceVerifier> _verifiers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private PeerTransport(PeerCertificates certificates, FleetPolicy fleet, IReadOnlyList<IEvidenceVerifier> verifiers, TimeProvider time, ILogger logger) =>
        (_certificates, _fleet, _verifiers, _time, _logger) = (certificates, fleet, verifiers, time, logger);

    /// <summary>Gets whom this node lets in.</summary>
    public PeerFleet Fleet => new(_fleet, _verifiers);

    /// <summary>Makes this node's certificate and, from the evidence in it, the policy that peers are held to.</summary>
    /// <exception cref="PeerEvidenceException">The node's own evidence cannot be verified here.</exception>
    public static async Task<PeerTransport> CreateAsync(
        NodeIdentity identity, IReadOnlyList<IEvidenceVerifier> verifiers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var certificates = await PeerCertificates.CreateAsync(identity, time, logger, cancellationToken);
        if (FleetPolicy.Of(certificates.First, Timestamp.From(time.GetUtcNow()), verifiers).TryGet(out var fleet, out var refusals))
        {
            return new PeerTransport(certificates, fleet, verifiers, time, logger);
        }

        await certificates.DisposeAsync();
        throw new PeerEvidenceException(refusals);
    }

    /// <summary>Sets what Orleans asks of a connection, at both its ends and whoever opened it.</summary>
    public void Apply(TlsOptions tls)
    {
        tls.SslProtocols = SslProtocols.Tls13;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.LocalCertificate = _certificates.Current; // Asked for, and then passed over for what the selectors say: the newest.
        tls.LocalServerCertificateSelector = (_, _) => _certificates.Current;
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => _certificates.Current;
        tls.RemoteCertificateValidation = (certificate, _, _) => IsPeer(certificate);
        tls.CheckCertificateRevocation = false; // There is no issuer who could revoke.
        tls.HandshakeTimeout = _handshake;
        tls.OnAuthenticateAsServer = (_, server) =>
        {
            var options = (SslServerAuthenticationOptions)server.SslServerAuthenticationOptions;
            options.AllowTlsResume = false;
            options.CertificateChainPolicy = ChainPolicy();
        };
        tls.OnAuthenticateAsClient = (_, client) =>
        {
            client.TargetHost = HostName;
            var options = (SslClientAuthenticationOptions)client.SslClientAuthenticationOptions;
            options.AllowTlsResume = false;
            options.CertificateChainPolicy = ChainPolicy();
        };
    }

    /// <summary>Makes the transport to nodes of another build, to which rooms move.</summary>
    /// <param name="named">The other build's code. Trust: host-controlled.</param>
    /// <param name="until">The moment at which nobody of it is let in any more.</param>
    /// <exception cref="RollException">No other build, or a moment that is past or too far away.</exception>
    public RollTransport ToOtherBuild(ReferenceTuple named, Timestamp until)
    {
        var (now, longest) = (Timestamp.From(_time.GetUtcNow()), RollOptions.Longest);
        if (until <= now || until > now.Plus(longest))
        {
            throw new RollException([new(RefusalCode.Stale, $"cluster.roll.until: after {now}, and at most {longest.TotalDays:F0} days", $"{until}")]);
        }

        return _fleet.OtherBuild(named).TryGet(out var other, out var refusals)
            ? new RollTransport(_certificates, other, until, _verifiers, _time, _logger)
            : throw new RollException(refusals);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _certificates.DisposeAsync();

    /// <summary>The platform builds a chain before it asks us; it must not fetch what a stranger's certificate names.</summary>
    internal static X509ChainPolicy ChainPolicy() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };

    private bool IsPeer(X509Certificate2 certificate)
    {
        var appraised = PeerAppraisal.Appraise(certificate.RawDataMemory.Span, _fleet, Timestamp.From(_time.GetUtcNow()), _verifiers);
        if (appraised.IsAccepted)
        {
            return true;
        }

        LogRefused(string.Join("; ", appraised.Refusals));
        return false;
    }

    [LoggerMessage(4102, LogLevel.Warning, "A peer was refused: {Refusals}")]
    private partial void LogRefused(string refusals);
}

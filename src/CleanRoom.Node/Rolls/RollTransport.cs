using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Peers;
using CleanRoom.Node.Peers;
using CleanRoom.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CleanRoom.Node.Rolls;

/// <summary>How nodes of two builds speak: TLS 1.3 as between members of a cluster, but each end lets in the one other build, and only until a moment.</summary>
/// <remarks>No message of a cluster passes here: its port and its messages are others. Spec: contracts/spec/0020 s.6.</remarks>
/// <param name="certificates">This node's own.</param>
/// <param name="other">The other build.</param>
/// <param name="until">Then nobody is let in any more.</param>
/// <param name="verifiers">Judge evidence.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears whom it refused.</param>
internal sealed partial class RollTransport(
    PeerCertificates certificates, FleetPolicy other, Timestamp until, IReadOnlyList<IEvidenceVerifier> verifiers, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _handshake = TimeSpan.FromSeconds(10);

    // A connection is appraised as of its beginning, so it does not live long.
    private static readonly TimeSpan _connection = TimeSpan.FromMinutes(1);

    /// <summary>Gets a value that says whether the time of the roll is over.</summary>
    public bool HasEnded => Now >= until;

    private Timestamp Now => Timestamp.From(time.GetUtcNow());

    /// <summary>Sets what a server asks of a connection.</summary>
    public void Apply(HttpsConnectionAdapterOptions https)
    {
        https.SslProtocols = SslProtocols.Tls13;
        https.HandshakeTimeout = _handshake;
        https.ServerCertificateSelector = (_, _) => certificates.Current;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.CheckCertificateRevocation = false; // There is no issuer who could revoke.
        https.ClientCertificateValidation = (certificate, _, _) => IsPeer(certificate);
        https.OnAuthenticate = (_, server) =>
        {
            server.AllowTlsResume = false;
            server.CertificateChainPolicy = PeerTransport.ChainPolicy();
        };
    }

    /// <summary>Makes what a client connects with.</summary>
    public SocketsHttpHandler MakeHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = _handshake,
        PooledConnectionLifetime = _connection,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            TargetHost = PeerTransport.HostName,
            CertificateChainPolicy = PeerTransport.ChainPolicy(),
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificates.Current,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 shown && IsPeer(shown),
        },
    };

    private bool IsPeer(X509Certificate2 certificate)
    {
        if (HasEnded)
        {
            LogEnded(until);
            return false;
        }

        var appraised = PeerAppraisal.Appraise(certificate.RawDataMemory.Span, other, Now, verifiers);
        if (!appraised.IsAccepted)
        {
            LogRefused(string.Join("; ", appraised.Refusals));
        }

        return appraised.IsAccepted;
    }

    [LoggerMessage(4301, LogLevel.Warning, "A node was refused that is not of the build in cluster.roll: {Refusals}")]
    private partial void LogRefused(string refusals);

    [LoggerMessage(4302, LogLevel.Warning, "A node of another build was refused: cluster.roll ended at {Until}")]
    private partial void LogEnded(Timestamp until);
}

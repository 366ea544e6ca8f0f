using System.Net;
using System.Net.Sockets;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace CleanRoom.Node.Tests.Peers;

/// <summary>A TLS client that presents any certificate with any key, which no honest library would do.</summary>
/// <param name="certificate">DER; null presents none.</param>
/// <param name="key">What it signs the handshake with.</param>
/// <param name="version">The only version that it speaks.</param>
internal sealed class PeerIntruder(byte[]? certificate, AsymmetricKeyParameter? key, ProtocolVersion version) : DefaultTlsClient(new BcTlsCrypto(new SecureRandom()))
{
    /// <summary>An end for a hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[]? _certificate = certificate;
    private readonly AsymmetricKeyParameter? _key = key;

    /// <summary>Gets what ends when the other side has shaken hands, which it does before it looks at this side's certificate.</summary>
    public Task Greeted => _greeted.Task;

    /// <summary>Connects, and reads what the other side says first.</summary>
    /// <returns>Whether a single byte of what TLS protects came.</returns>
    public async Task<bool> GetsInAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    var tls = new TlsClientProtocol(client.GetStream());
                    tls.Connect(this);
                    return tls.Stream.ReadByte() >= 0;
                },
                cancellationToken);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public override TlsAuthentication GetAuthentication() => new Presents(this);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        _greeted.TrySetResult();
    }

    protected override ProtocolVersion[] GetSupportedVersions() => version.Only();

    private sealed class Presents(PeerIntruder intruder) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            // It trusts anybody.
        }

        public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
        {
            if (intruder._certificate is not { } der)
            {
                return null;
            }

            var crypto = (BcTlsCrypto)intruder.Crypto;
            var shown = crypto.CreateCertificate(der);
            var chain = certificateRequest.GetCertificateRequestContext() is { } context
                ? new Certificate(context, [new CertificateEntry(shown, extensions: null)])
                : new Certificate([shown]);
            return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(intruder.m_context), crypto, intruder._key, chain, SignatureScheme.GetSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256));
        }
    }
}

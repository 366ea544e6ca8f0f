using System.Net.Sockets;
using System.Text;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Http;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.ConfidentialSpace;

/// <summary>Attests with a token of kind PKI, which the launcher of Google Confidential Space obtains.</summary>
/// <param name="socketPath">The launcher's socket.</param>
/// <param name="audience">Who the token is for: a text that the relying party compares.</param>
public sealed class ConfidentialSpaceAttester(
    string socketPath = ConfidentialSpaceAttester.DefaultSocketPath, string audience = ConfidentialSpaceAttester.DefaultAudience) : IAttester, IDisposable
{
    /// <summary>Where the launcher listens.</summary>
    public const string DefaultSocketPath = "/run/container_launcher/teeserver.sock";

    /// <summary>The audience when none is configured.</summary>
    public const string DefaultAudience = "cleanroom/v1/attest";

    private const string TokenAddress = "http://localhost/v1/token";

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        UseProxy = false,
        AllowAutoRedirect = false,
    });

    /// <inheritdoc/>
    public string Tee => TeeNames.ConfidentialSpace;

    /// <inheritdoc/>
    public async ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        ReportData.Require(reportData);
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenAddress) { Content = new ByteArrayContent(Question(reportData.Span)) };
        request.Content.Headers.ContentType = new("application/json");
        var answer = await BoundedBody.SendAsync(_client, request, socketPath, cancellationToken);
        return new AttesterEvidence(new Bytes(Token(answer)), []);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private byte[] Question(ReadOnlySpan<byte> reportData) => Jcs.Write(new JsonObject(
        new JsonMember("audience", audience),
        new JsonMember("nonces", new JsonArray([Convert.ToBase64String(reportData)])),
        new JsonMember("token_type", "PKI")));

    /// <summary>The launcher ends its answer with a line feed; the token itself is ASCII without spaces.</summary>
    private byte[] Token(byte[] answer)
    {
        var token = answer.AsSpan().Trim("\r\n "u8);
        return !token.IsEmpty && !token.ContainsAnyExceptInRange((byte)'!', (byte)'~') && token.Count((byte)'.') == 2
            ? token.ToArray()
            : throw new AttesterException($"{socketPath}: wanted a token of three parts, got {Encoding.ASCII.GetCharCount(answer)} bytes of another form");
    }
}

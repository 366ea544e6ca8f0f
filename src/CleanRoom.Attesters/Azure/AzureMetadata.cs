using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attesters.Http;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Azure;

/// <summary>Azure's metadata service on the machine: certificates of the chip, and quotes of TDX. Trust: host-controlled.</summary>
/// <param name="client">Its base address is the service's.</param>
internal sealed class AzureMetadata(HttpClient client)
{
    /// <summary>Where every Azure machine has it.</summary>
    public static Uri DefaultAddress { get; } = new("http://169.254.169.254/");

    private const string Name = "azure metadata";

    /// <summary>Returns the certificates of VCEK, ASK and ARK in DER, in that order.</summary>
    public async Task<ImmutableArray<Bytes>> CertificatesAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "metadata/THIM/amd/certification");
        request.Headers.Add("Metadata", "true");
        var answer = await MembersAsync(request, cancellationToken);
        return [.. Pem(Text(answer, "vcekCert")), .. Pem(Text(answer, "certificateChain"))];
    }

    /// <summary>Has a TDREPORT turned into a quote.</summary>
    public async Task<byte[]> TdQuoteAsync(ReadOnlyMemory<byte> tdReport, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "acc/tdquote")
        {
            Content = new ByteArrayContent(Jcs.Write(new JsonObject(new JsonMember("report", Base64Url.EncodeToString(tdReport.Span))))),
        };
        request.Content.Headers.ContentType = new("application/json");
        var quote = Text(await MembersAsync(request, cancellationToken), "quote");
        return Base64Url.IsValid(quote) ? Base64Url.DecodeFromChars(quote) : throw Other("a quote in base64url");
    }

    private static string Text(JsonObject answer, string member) => (answer.Find(member) as JsonString)?.Value ?? throw Other($"member {member}");

    private static List<Bytes> Pem(string text)
    {
        var certificates = new List<Bytes>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is not "CERTIFICATE")
            {
                throw Other("certificates");
            }

            certificates.Add(new Bytes(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        return certificates.Count > 0 ? certificates : throw Other("at least one certificate");
    }

    private static AttesterException Other(string wanted) => new($"{Name}: wanted an answer with {wanted}, got another");

    private async Task<JsonObject> MembersAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await BoundedBody.SendAsync(client, request, Name, cancellationToken);
        return StrictJson.Parse(answer, BoundedBody.MaxBytes).TryGet(out var value, out _) && value is JsonObject members ? members : throw Other("members");
    }
}

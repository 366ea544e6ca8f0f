using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Rooms;

/// <summary>Asks a node for the certificates of a collaboration that ended. Nobody has to be a member, and nothing is sealed: each certificate stands by itself.</summary>
public static class DestructionQuestion
{
    private const int MaxBytes = 64 << 20;

    /// <summary>Asks.</summary>
    /// <returns>The certificates, unchecked; none when no node made one; or why there was no answer.</returns>
    public static async Task<Result<ImmutableArray<DestructionCertificate>>> AskAsync(
        ClientServices services, RoomAddress address, string collaboration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(address);
        var path = $"{ApiRoutes.Destruction}?collaboration={Uri.EscapeDataString(collaboration)}";
        return (await Network.GetOuterAsync(services, address, path, MaxBytes, [RefusalCode.DocumentInvalid, RefusalCode.StorageFailed], cancellationToken))
            .Then(body => Parse(body));
    }

    /// <summary>Reads certificates as a node gives them and as they are kept in a file.</summary>
    public static Result<ImmutableArray<DestructionCertificate>> Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            if (JsonSerializer.Deserialize(utf8, ApiJsonContext.Default.DestructionResponse) is not { Certificates.IsDefault: false } read)
            {
                return NoCertificates();
            }

            var certificates = ImmutableArray.CreateBuilder<DestructionCertificate>(read.Certificates.Length);
            foreach (var bytes in read.Certificates)
            {
                if (!DocumentCodec.Parse<DestructionCertificate>(bytes.Span).TryGet(out var certificate, out var refusals))
                {
                    return refusals;
                }

                certificates.Add(certificate);
            }

            return certificates.DrainToImmutable();
        }
        catch (JsonException)
        {
            return NoCertificates();
        }
    }

    /// <summary>Writes certificates as a node gives them.</summary>
    public static byte[] Write(ImmutableArray<DestructionCertificate> certificates) => JsonSerializer.SerializeToUtf8Bytes(
        new DestructionResponse([.. certificates.Select(certificate => new Bytes(DocumentCodec.Encode(certificate)))]),
        ApiJsonContext.Default.DestructionResponse);

    private static Refusal NoCertificates() => new(RefusalCode.JsonInvalid, "certificates of destruction as a node gives them", "other json");
}

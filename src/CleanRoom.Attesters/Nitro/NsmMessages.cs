using System.Formats.Cbor;

namespace CleanRoom.Attesters.Nitro;

/// <summary>CBOR of the Nitro Security Module: {"Attestation": {...}}, and {"Error": name}.</summary>
internal static class NsmMessages
{
    private const string Attestation = "Attestation";
    private const int MaxShownCharacters = 64;

    /// <summary>Asks for a document with user data. Nonce and public key stay null: the user data commits to both. Spec: contracts/spec/0006 s.3.</summary>
    public static byte[] AttestationRequest(ReadOnlySpan<byte> userData)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(1);
        writer.WriteTextString(Attestation);
        writer.WriteStartMap(3);
        writer.WriteTextString("user_data");
        writer.WriteByteString(userData);
        writer.WriteTextString("nonce");
        writer.WriteNull();
        writer.WriteTextString("public_key");
        writer.WriteNull();
        writer.WriteEndMap();
        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>Takes the document out of a response.</summary>
    /// <exception cref="AttesterException">The module answered with an error, or in another form.</exception>
    public static byte[] Document(ReadOnlyMemory<byte> response)
    {
        try
        {
            var reader = new CborReader(response, CborConformanceMode.Strict);
            if (reader.ReadStartMap() != 1)
            {
                throw Other("a map of another size");
            }

            var kind = reader.ReadTextString();
            return kind switch
            {
                Attestation => ReadDocument(reader),
                "Error" => throw new AttesterException($"nsm: wanted a document, got error {Plain(reader.ReadTextString())}"),
                _ => throw Other(Plain(kind)),
            };
        }
        catch (Exception exception) when (exception is CborContentException or InvalidOperationException)
        {
            throw new AttesterException("nsm: wanted a response in cbor with one document, got another form", exception);
        }
    }

    private static byte[] ReadDocument(CborReader reader)
    {
        if (reader.ReadStartMap() != 1 || reader.ReadTextString() != "document")
        {
            throw Other("other members");
        }

        var document = reader.ReadByteString();
        reader.ReadEndMap();
        reader.ReadEndMap();
        return reader.BytesRemaining == 0 && document.Length > 0 ? document : throw Other("an empty document, or bytes after it");
    }

    private static AttesterException Other(string got) => new($"nsm: wanted a response with one document, got {got}");

    private static string Plain(string text) =>
        text.Length is > 0 and <= MaxShownCharacters && text.All(char.IsAsciiLetterOrDigit) ? text : "a name of another form";
}

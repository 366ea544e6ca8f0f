using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>The files of <c>contracts/vectors/documents</c>: one worked example of each format, and refused bytes.</summary>
internal static class DocumentVectors
{
    private const string PasskeyName = "passkey";

    /// <summary>Returns file name to content.</summary>
    public static IReadOnlyDictionary<string, byte[]> All()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var index = new JsonObject
        {
            ["documents"] = Documents(files),
            ["receipts"] = Receipts(files),
            ["envelopes"] = new JsonArray(Es256(files), WebAuthn(files)),
            ["rows"] = Rows(files),
            ["derived"] = Derived(),
            ["refused"] = Refused(files),
        };
        files.Add("index.json", CommittedFiles.Indented(index));
        return files;
    }

    public static Envelope Es256Envelope()
    {
        var suspend = DocumentSamples.All.OfType<Suspend>().Single();
        return TestKeys.Envelope(DocumentCodec.PayloadTypeOf(suspend), DocumentCodec.Encode(suspend), "ada sign", "bob sign");
    }

    private static JsonArray Documents(SortedDictionary<string, byte[]> files)
    {
        var entries = new JsonArray();
        foreach (var document in DocumentSamples.All)
        {
            var type = DocumentCodec.TypeOf(document);
            var file = $"{type["cleanroom/v1/".Length..]}.json";
            files.Add(file, DocumentCodec.Encode(document));
            entries.Add(new JsonObject
            {
                ["file"] = file,
                ["type"] = type,
                ["payloadType"] = DocumentCodec.PayloadTypeOf(document),
                ["digest"] = DocumentCodec.DigestOf(document).ToString(),
            });
        }

        return entries;
    }

    private static JsonArray Receipts(SortedDictionary<string, byte[]> files)
    {
        files.Add("receipt.json", DocumentCodec.Encode(DocumentSamples.Receipt));
        return new JsonArray(new JsonObject
        {
            ["file"] = "receipt.json",
            ["payloadType"] = DocumentCodec.ReceiptPayloadType,
            ["digest"] = DocumentCodec.DigestOf(DocumentSamples.Receipt).ToString(),
        });
    }

    private static JsonObject Es256(SortedDictionary<string, byte[]> files)
    {
        var envelope = Es256Envelope();
        files.Add("envelope-es256.json", EnvelopeCodec.Encode(envelope));
        return new JsonObject
        {
            ["file"] = "envelope-es256.json",
            ["digest"] = envelope.Digest.ToString(),
            ["payloadDigest"] = envelope.PayloadDigest.ToString(),
            ["paeSha256"] = Digest.Of(Pae.Of(envelope.PayloadType, envelope.Payload.Span)).ToString(),
            ["keys"] = new JsonArray(Key("ada sign"), Key("bob sign")),
        };
    }

    private static JsonObject WebAuthn(SortedDictionary<string, byte[]> files)
    {
        var payload = DocumentCodec.Encode(DocumentSamples.All.OfType<Suspend>().Single());
        var payloadType = DocumentCodec.PayloadTypeOf(DocumentSamples.All.OfType<Suspend>().Single());
        var challenge = EnvelopeVerifier.WebAuthnChallenge(payloadType, payload);
        var text = System.Buffers.Text.Base64Url.EncodeToString(challenge.ToArray());
        var clientData = Encoding.UTF8.GetBytes(
            $"{{\"type\":\"webauthn.get\",\"challenge\":\"{text}\",\"origin\":\"https://localhost:8443\",\"crossOrigin\":false}}");
        byte[] authenticatorData = [.. Digest.Of("localhost"u8).ToArray(), 0x05, 0, 0, 0, 0];
        var envelope = new Envelope(
            payloadType,
            new Bytes(payload),
            [
                new EnvelopeSignature
                {
                    Kind = SignatureKind.WebAuthn,
                    KeyId = KeyId.Of(TestKeys.P256Public(PasskeyName).Span),
                    Sig = new Bytes(TestKeys.SignEs256(PasskeyName, [.. authenticatorData, .. Digest.Of(clientData).ToArray()])),
                    AuthenticatorData = new Bytes(authenticatorData),
                    ClientDataJson = new Bytes(clientData),
                },
            ]);
        files.Add("envelope-webauthn.json", EnvelopeCodec.Encode(envelope));
        var key = Key(PasskeyName);
        key["rpId"] = "localhost";
        key["origins"] = new JsonArray("https://localhost:8443");
        key["userVerification"] = true;
        return new JsonObject
        {
            ["file"] = "envelope-webauthn.json",
            ["digest"] = envelope.Digest.ToString(),
            ["payloadDigest"] = envelope.PayloadDigest.ToString(),
            ["paeSha256"] = Digest.Of(Pae.Of(payloadType, payload)).ToString(),
            ["challenge"] = challenge.ToString(),
            ["keys"] = new JsonArray(key),
        };
    }

    private static JsonArray Rows(SortedDictionary<string, byte[]> files)
    {
        var row = new LedgerRow(6, ContractSample.Start, Es256Envelope());
        files.Add("row.json", RowCodec.Encode(row));
        return new JsonArray(new JsonObject
        {
            ["file"] = "row.json",
            ["sequence"] = row.Sequence,
            ["time"] = row.Time.ToString(),
            ["leaf"] = row.Leaf.ToString(),
        });
    }

    private static JsonObject Derived()
    {
        var genesis = DocumentSamples.All.OfType<Genesis>().Single();
        return new JsonObject
        {
            ["collaborationId"] = new JsonObject { ["of"] = "genesis.json", ["value"] = genesis.Collaboration },
            ["attestationDigest"] = new JsonObject
            {
                ["of"] = "genesis.json", ["value"] = DocumentCodec.DigestOf(genesis.Attestation).ToString(),
            },
            ["templateDigest"] = new JsonObject
            {
                ["of"] = "contract.json", ["value"] = DocumentCodec.DigestOf(ContractSample.Template).ToString(),
            },
            ["reportData"] = new JsonObject
            {
                ["of"] = "binding.json",
                ["value"] = Convert.ToHexStringLower(AttestationBinding.ReportData(DocumentSamples.All.OfType<Binding>().Single())),
            },
        };
    }

    private static JsonObject Key(string name) => new()
    {
        ["keyid"] = KeyId.Of(TestKeys.P256Public(name).Span).ToString(),
        ["publicKey"] = TestKeys.P256Public(name).ToString(),
        ["testKeyName"] = name,
    };

    private static JsonArray Refused(SortedDictionary<string, byte[]> files)
    {
        var entries = new JsonArray();
        foreach (var refused in RefusedDocuments.All())
        {
            var file = $"refused/{refused.Name}.json";
            files.Add(file, refused.Utf8);
            entries.Add(new JsonObject
            {
                ["file"] = file, ["format"] = refused.Format, ["refusal"] = refused.Code.Slug(), ["why"] = refused.Why,
            });
        }

        return entries;
    }
}

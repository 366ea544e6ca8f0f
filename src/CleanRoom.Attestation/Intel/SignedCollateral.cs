using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>A document of Intel's provisioning certification service: the exact bytes that were signed, their signature and their time.</summary>
/// <remarks>Spec: Intel PCS API version 4, TCB info and enclave identity. Trust: attacker-controlled until the signature was checked.</remarks>
internal sealed class SignedCollateral
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly Bytes _body;
    private readonly Bytes _signature;

    private SignedCollateral(JsonElement body, Bytes signature)
    {
        // The signature covers the bytes as Intel wrote them: the same object written again has another one.
        (_body, _signature, Body) = (new Bytes(JsonMarshal.GetRawUtf8Value(body)), signature, body);
        IssueDate = Time(body, "issueDate");
        NextUpdate = Time(body, "nextUpdate");
        Id = body.GetProperty("id").GetString() ?? throw new FormatException("wanted an id");
        EvaluationNumber = body.GetProperty("tcbEvaluationDataNumber").GetInt32();
    }

    /// <summary>Gets the signed object.</summary>
    public JsonElement Body { get; }

    /// <summary>Gets what it is for: <c>SGX</c>, <c>TDX</c>, <c>QE</c>, <c>TD_QE</c>, ...</summary>
    public string Id { get; }

    /// <summary>Gets the first moment at which it may be used, UTC.</summary>
    public DateTime IssueDate { get; }

    /// <summary>Gets the last moment at which it may be used, UTC.</summary>
    public DateTime NextUpdate { get; }

    /// <summary>Gets the number of Intel's evaluation: it grows with each recovery event.</summary>
    public int EvaluationNumber { get; }

    /// <summary>Reads <c>{"member": {...}, "signature": "hex"}</c>; null for another form, a repeated property or another member.</summary>
    public static SignedCollateral? Parse(ReadOnlyMemory<byte> json, string member) => Asn1Guard.Read(() =>
    {
        using var document = JsonDocument.Parse(json, s_options);
        var root = document.RootElement;
        return root.EnumerateObject().Count() == 2
            && root.TryGetProperty(member, out var body)
            && root.TryGetProperty("signature", out var signature)
            && Convert.FromHexString(signature.GetString() ?? string.Empty) is { Length: 64 } raw
            ? new SignedCollateral(body.Clone(), new Bytes(raw))
            : null;
    });

    /// <summary>Reads a time; throws for another form.</summary>
    public static DateTime Time(JsonElement element, string property) => DateTime.ParseExact(
        element.GetProperty(property).GetString() ?? string.Empty,
        TimeFormat,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Returns whether the key signed exactly these bytes.</summary>
    public bool IsSignedBy(VerificationKey key) => key.VerifyEcdsa(HashName.Sha256, _body.Span, _signature.Span);

    /// <summary>Returns what speaks against using it at a moment: <c>NAME-signature</c>, <c>NAME-validity</c>.</summary>
    /// <param name="signer">The TCB signing certificate; null when there is none, which is a failure of its own elsewhere.</param>
    public IEnumerable<FailedCheck> Failures(string name, Certificate? signer, Timestamp at)
    {
        if (signer is not null && !IsSignedBy(signer.Key))
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, $"{name}-signature", $"one by {signer} over the bytes that came", "another");
        }

        var now = at.Value.UtcDateTime;
        if (now < IssueDate || now > NextUpdate)
        {
            yield return new FailedCheck(
                RefusalCode.EndorsementMissing, $"{name}-validity", $"collateral that is current at {at}", $"from {IssueDate:O} to {NextUpdate:O}");
        }
    }
}

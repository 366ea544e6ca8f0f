using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>The identity of Intel's quoting enclave, whose form is right.</summary>
/// <remarks>Spec: Intel PCS API version 4, Get Quoting Enclave Identity.</remarks>
internal sealed record QeIdentity
{
    /// <summary>The id of the enclave that quotes SGX enclaves.</summary>
    public const string SgxId = "QE";

    /// <summary>The id of the enclave that quotes trust domains.</summary>
    public const string TdxId = "TD_QE";

    private const int Version = 2;

    /// <summary>Gets the signed document.</summary>
    public required SignedCollateral Document { get; init; }

    private Bytes MiscSelect { get; init; }

    private Bytes MiscSelectMask { get; init; }

    private Bytes Attributes { get; init; }

    private Bytes AttributesMask { get; init; }

    private Bytes MrSigner { get; init; }

    private int IsvProdId { get; init; }

    private ImmutableArray<TcbLevel> Levels { get; init; }

    /// <summary>Reads the document; null for another form or version.</summary>
    public static QeIdentity? Parse(ReadOnlyMemory<byte> json) => SignedCollateral.Parse(json, "enclaveIdentity") is not { } document
        ? null
        : Asn1Guard.Read(() => document.Body.GetProperty("version").GetInt32() != Version
            ? null
            : new QeIdentity
            {
                Document = document,
                MiscSelect = CollateralHex.Read(document.Body, "miscselect", 4),
                MiscSelectMask = CollateralHex.Read(document.Body, "miscselectMask", 4),
                Attributes = CollateralHex.Read(document.Body, "attributes", 16),
                AttributesMask = CollateralHex.Read(document.Body, "attributesMask", 16),
                MrSigner = CollateralHex.Read(document.Body, "mrsigner", 32),
                IsvProdId = document.Body.GetProperty("isvprodid").GetUInt16(),
                Levels = TcbLevel.OfPart(document.Body),
            });

    /// <summary>Returns in what a quoting enclave differs: <c>qe-mrsigner</c>, <c>qe-isvprodid</c>, <c>qe-miscselect</c>, <c>qe-attributes</c>.</summary>
    public IEnumerable<FailedCheck> Failures(SgxReport report)
    {
        // The document holds MISCSELECT as the bytes of the report, and not as a number.
        var miscSelect = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(miscSelect, report.MiscSelect);
        if (report.MrSigner != MrSigner)
        {
            yield return Differs("qe-mrsigner", Hex.Of(MrSigner.Span), Hex.Of(report.MrSigner.Span));
        }

        if (report.IsvProdId != IsvProdId)
        {
            yield return Differs("qe-isvprodid", Number(IsvProdId), Number(report.IsvProdId));
        }

        if (!CollateralHex.EqualsUnderMask(miscSelect, MiscSelect.Span, MiscSelectMask.Span))
        {
            yield return Differs("qe-miscselect", $"{Hex.Of(MiscSelect.Span)} under {Hex.Of(MiscSelectMask.Span)}", Hex.Of(miscSelect));
        }

        if (!CollateralHex.EqualsUnderMask(report.Attributes.Span, Attributes.Span, AttributesMask.Span))
        {
            yield return Differs("qe-attributes", $"{Hex.Of(Attributes.Span)} under {Hex.Of(AttributesMask.Span)}", Hex.Of(report.Attributes.Span));
        }
    }

    /// <summary>Returns the first level that the quoting enclave reaches; null when it is older than all.</summary>
    public TcbLevel? LevelOf(SgxReport report) => Levels.FirstOrDefault(level => report.IsvSvn >= level.Svn);

    private static FailedCheck Differs(string check, string wanted, string got) => new(RefusalCode.EvidenceInvalid, check, wanted, got);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

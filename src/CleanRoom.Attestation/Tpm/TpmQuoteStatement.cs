using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm;

/// <summary>TPMS_ATTEST of a quote, whose form is right. Spec: TPM 2.0 Library Part 2, TPMS_ATTEST, TPMS_QUOTE_INFO.</summary>
internal sealed record TpmQuoteStatement
{
    /// <summary>Gets all the bytes: what is signed.</summary>
    public required Bytes Signed { get; init; }

    /// <summary>Gets qualifiedSigner: the TPM's name of the key, with those of its parents.</summary>
    public required Bytes QualifiedSigner { get; init; }

    /// <summary>Gets extraData: what the asker chose.</summary>
    public required Bytes ExtraData { get; init; }

    /// <summary>Gets the TPM's clock, in milliseconds.</summary>
    public required ulong Clock { get; init; }

    /// <summary>Gets how often the TPM was reset: the same number is the same start of the machine.</summary>
    public required uint ResetCount { get; init; }

    /// <summary>Gets how often the TPM was resumed since it was reset.</summary>
    public required uint RestartCount { get; init; }

    /// <summary>Gets a value that says whether the clock never showed a later time before.</summary>
    public required bool IsClockSafe { get; init; }

    /// <summary>Gets the TPM's firmware version, as its maker numbers it.</summary>
    public required ulong FirmwareVersion { get; init; }

    /// <summary>Gets the selections in their order, which is the order of the digest.</summary>
    public required ImmutableArray<PcrBankSelection> Selections { get; init; }

    /// <summary>Gets the digest over the selected PCRs.</summary>
    public required Bytes PcrDigest { get; init; }

    /// <summary>Reads it. What the TPM did not make, or is not a quote, is refused before anything else is looked at.</summary>
    /// <returns>The statement, or <c>quote-magic</c>, <c>quote-type</c> or <c>evidence-format</c>.</returns>
    public static CheckResult<TpmQuoteStatement> Parse(ReadOnlySpan<byte> attest)
    {
        var reader = new ByteReader(attest);
        var magic = reader.UInt32Big();
        if (magic != TpmAlgorithms.Generated)
        {
            return FailedCheck.Invalid("quote-magic", $"0x{TpmAlgorithms.Generated:x8}, which only a tpm writes", $"0x{magic:x8}");
        }

        var type = reader.UInt16Big();
        if (type != TpmAlgorithms.Quote)
        {
            return FailedCheck.Invalid("quote-type", $"0x{TpmAlgorithms.Quote:x4}, a quote", $"0x{type:x4}");
        }

        var signer = new Bytes(reader.Take(reader.UInt16Big()));
        var extraData = new Bytes(reader.Take(reader.UInt16Big()));
        var (clock, resets, restarts, safe) = (reader.UInt64Big(), reader.UInt32Big(), reader.UInt32Big(), reader.Byte());
        var firmware = reader.UInt64Big();
        var selections = PcrBankSelection.Read(ref reader);
        var digest = new Bytes(reader.Take(reader.UInt16Big()));
        return selections is { } banks && safe <= 1 && reader.IsDone
            ? new TpmQuoteStatement
            {
                Signed = new Bytes(attest),
                QualifiedSigner = signer,
                ExtraData = extraData,
                Clock = clock,
                ResetCount = resets,
                RestartCount = restarts,
                IsClockSafe = safe == 1,
                FirmwareVersion = firmware,
                Selections = banks,
                PcrDigest = digest,
            }
            : FailedCheck.Invalid("evidence-format", "tpms_attest of a quote", $"{attest.Length} bytes of another form");
    }
}

using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Reads an attestation report. Trust: attacker-controlled. Spec: AMD 56860, structure ATTESTATION_REPORT.</summary>
internal static class SnpReportParser
{
    private const uint FirstVersion = 2;
    private const uint ProcessorVersion = 3;
    private const uint MitigationVersion = 5;
    private const uint EcdsaP384Sha384 = 1;
    private const uint LastVmpl = 3;

    /// <summary>Bits 0 to 4: AUTHOR_KEY_EN, MASK_CHIP_KEY, SIGNING_KEY.</summary>
    private const int FlagBits = 5;

    /// <summary>Bytes of r and of s in the report, little endian; the numbers have 48.</summary>
    private const int SlotBytes = 72;
    private const int FieldBytes = 48;
    private const int SignatureBytes = 512;

    /// <summary>Returns the report, or all failures of form: <c>evidence-format</c> (length), <c>version</c>, <c>signature-algorithm</c>, <c>signing-key</c>,
    /// <c>vmpl</c>, <c>policy</c>, <c>reserved</c>, <c>signature-form</c>.</summary>
    public static CheckResult<SnpReport> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SnpReport.Length)
        {
            return FailedCheck.Invalid("evidence-format", $"{SnpReport.Length} bytes", $"{bytes.Length}");
        }

        var reader = new ByteReader(bytes);
        var version = reader.UInt32Little();
        var (guestSvn, policy) = (reader.UInt32Little(), new SnpPolicy(reader.UInt64Little()));
        var (familyId, imageId) = (Take(ref reader, 16), Take(ref reader, 16));
        var (vmpl, algorithm) = (reader.UInt32Little(), reader.UInt32Little());
        var currentTcb = Tcb(ref reader);
        var (platformInfo, flags) = (reader.UInt64Little(), reader.UInt32Little());
        var reserved = IsSet(reader.Take(4));
        var (reportData, measurement, hostData) = (Take(ref reader, 64), Take(ref reader, 48), Take(ref reader, 32));
        var (idKey, authorKey) = (Take(ref reader, 48), Take(ref reader, 48));
        var (reportId, agentId) = (Take(ref reader, 32), Take(ref reader, 32));
        var reportedTcb = Tcb(ref reader);
        var processor = reader.Take(3);
        reserved |= IsSet(reader.Take(21)) | (version < ProcessorVersion && IsSet(processor));
        var chipId = Take(ref reader, SnpReport.ChipIdBytes);
        var committedTcb = Tcb(ref reader);
        var current = Firmware(reader.Take(3));
        reserved |= IsSet(reader.Take(1));
        var committed = Firmware(reader.Take(3));
        reserved |= IsSet(reader.Take(1));
        var launchTcb = Tcb(ref reader);
        var (launch, now) = (reader.UInt64Little(), reader.UInt64Little());
        reserved |= IsSet(reader.Take(152)) | (version < MitigationVersion && (launch | now) != 0);
        var signature = reader.Take(SignatureBytes);

        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        Check(version >= FirstVersion, "version", $"at least {FirstVersion}", $"{version}");
        Check(algorithm == EcdsaP384Sha384, "signature-algorithm", "1, ecdsa p-384 with sha-384", $"{algorithm}");
        Check(((flags >> 2) & 7) <= (uint)SnpSigningKey.Vlek, "signing-key", "0, vcek, or 1, vlek", $"{(flags >> 2) & 7}");
        Check(vmpl <= LastVmpl, "vmpl", "0 to 3: a report that the guest asked for", $"{vmpl}");
        Check(policy.IsKnown, "policy", "bit 17 set and only bits that are known", $"{policy.Value:x16}");

        // A version that is not known yet may have given a meaning to bytes that were reserved; it never moves a field.
        Check(!reserved || version > MitigationVersion, "reserved", "zeros in reserved bytes", "others");
        Check(flags >> FlagBits == 0, "reserved", "zeros in reserved flags", $"{flags:x8}");
        Check(
            !IsSet(signature[FieldBytes..SlotBytes]) && !IsSet(signature[(SlotBytes + FieldBytes)..]),
            "signature-form", "r and s of 48 bytes, little endian, and zeros", "others");
        if (failures.Count > 0)
        {
            return failures.ToImmutable();
        }

        return new SnpReport
        {
            Version = version,
            GuestSvn = guestSvn,
            Policy = policy,
            FamilyId = familyId,
            ImageId = imageId,
            Vmpl = vmpl,
            PlatformInfo = platformInfo,
            HasAuthorKey = (flags & 1) != 0,
            IsChipMasked = (flags & 2) != 0,
            SigningKey = (SnpSigningKey)((flags >> 2) & 7),
            ReportData = reportData,
            Measurement = measurement,
            HostData = hostData,
            IdKeyDigest = idKey,
            AuthorKeyDigest = authorKey,
            ReportId = reportId,
            MigrationAgentId = agentId,
            CurrentTcb = currentTcb,
            ReportedTcb = reportedTcb,
            CommittedTcb = committedTcb,
            LaunchTcb = launchTcb,
            Processor = version < ProcessorVersion ? null : (processor[0], processor[1]),
            ChipId = chipId,
            CurrentFirmware = current,
            CommittedFirmware = committed,
            Mitigations = version < MitigationVersion ? null : (launch, now),
            Signed = new Bytes(bytes[..SnpReport.SignedLength]),
            Signature = BigEndian(signature),
        };

        void Check(bool holds, string check, string wanted, string got)
        {
            if (!holds)
            {
                failures.Add(FailedCheck.Invalid(check, wanted, got));
            }
        }
    }

    private static Bytes Take(ref ByteReader reader, int count) => new(reader.Take(count));

    private static SnpTcb Tcb(ref ByteReader reader) => new(Take(ref reader, SnpTcb.Length));

    private static bool IsSet(ReadOnlySpan<byte> bytes) => bytes.ContainsAnyExcept((byte)0);

    private static string Firmware(ReadOnlySpan<byte> version) => $"{version[2]}.{version[1]}.{version[0]}";

    private static Bytes BigEndian(ReadOnlySpan<byte> signature)
    {
        var numbers = new byte[2 * FieldBytes];
        signature[..FieldBytes].CopyTo(numbers);
        signature.Slice(SlotBytes, FieldBytes).CopyTo(numbers.AsSpan(FieldBytes));
        numbers.AsSpan(0, FieldBytes).Reverse();
        numbers.AsSpan(FieldBytes).Reverse();
        return new Bytes(numbers);
    }
}

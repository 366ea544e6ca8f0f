using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Devices;
using CleanRoom.Attesters.Sealing;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.SevGuest;

/// <summary>Seals with a key that the SNP firmware derives for this code on this chip.</summary>
/// <remarks>Another measurement, image, family, policy or chip has another key. Spec: contracts/spec/0006 s.10; AMD 56860, MSG_KEY_REQ.</remarks>
public sealed class SnpSecretSealer : ISecretSealer
{
    private const string Label = "cleanroom/v1/snp-seal";
    private const int SvnBytes = sizeof(uint);
    private const int SaltBytes = 32;

    /// <summary>GUEST_FIELD_SELECT: 0 policy, 1 image id, 2 family id, 3 measurement, 4 guest SVN.</summary>
    private const ulong Fields = 0b1_1111;

    private readonly SnpDevice _device;
    private readonly SealedBody _body;

    /// <summary>Takes the machine's device.</summary>
    [SupportedOSPlatform("linux")]
    public SnpSecretSealer(ICryptoBackend backend)
        : this(new LinuxDevice(SnpDevice.Path), backend)
    {
    }

    internal SnpSecretSealer(IDeviceControl device, ICryptoBackend backend) =>
        (_device, _body) = (new SnpDevice(device), new SealedBody(backend, Label));

    /// <inheritdoc/>
    public string Kind => "snp-derived-key";

    private static ReadOnlySpan<byte> Magic => "CRSS\u0001"u8;

    private static int HeaderBytes => Magic.Length + SvnBytes + SaltBytes;

    /// <inheritdoc/>
    public async ValueTask<Bytes> SealAsync(SecretBytes secret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        SealedBody.Require(secret);
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(Magic.Length), GuestSvn());
        RandomNumberGenerator.Fill(header.AsSpan(Magic.Length + SvnBytes));
        using var key = TryKey(header) ?? throw new AttesterException($"{_device.Name}: wanted a key for the guest's own svn, got a refusal of the firmware");
        return await _body.SealAsync(key, header, secret, context, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<SecretBytes>> UnsealAsync(
        ReadOnlyMemory<byte> sealedSecret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        if (sealedSecret.Length < HeaderBytes || !sealedSecret.Span.StartsWith(Magic) || !SealedBody.HasForm(sealedSecret[HeaderBytes..]))
        {
            return new Refusal(RefusalCode.SealInvalid, "bytes that the snp sealer made", "others");
        }

        var header = sealedSecret[..HeaderBytes];
        using var key = TryKey(header.Span);
        return key is null
            ? new Refusal(RefusalCode.SealInvalid, "a guest svn that this guest may use", "a higher one")
            : await _body.OpenAsync(key, header, sealedSecret[HeaderBytes..], context, cancellationToken);
    }

    /// <summary>The guest's SVN is in its own report. Spec: AMD 56860 structure ATTESTATION_REPORT, offset 4.</summary>
    private uint GuestSvn()
    {
        const int GuestSvnOffset = 4;
        return BinaryPrimitives.ReadUInt32LittleEndian(_device.Report(new byte[ReportData.Length], vmpl: 0).Report.AsSpan(GuestSvnOffset));
    }

    private SecretBytes? TryKey(ReadOnlySpan<byte> header)
    {
        using var derived = new PinnedBuffer(SnpDevice.DerivedKeyBytes);
        var svn = header.Slice(Magic.Length, SvnBytes);
        if (!_device.TryDeriveKey(Fields, BinaryPrimitives.ReadUInt32BigEndian(svn), derived.Span))
        {
            return null;
        }

        using var key = new PinnedBuffer(AesGcmFormat.KeyBytes);
        byte[] info = [.. System.Text.Encoding.ASCII.GetBytes(Label), 0, .. svn];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, derived.Span, key.Span, header.Slice(Magic.Length + SvnBytes, SaltBytes), info);
        return SecretBytes.Take(key.Span);
    }
}

using System.Security.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sharing;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>A share of a collaboration's secret with the salt of its commitment.</summary>
/// <remarks>In the row that everybody reads stands the commitment alone: it names whose share is false, and without the salt it tells nothing of the share.
/// Spec: contracts/spec/0026 s.4.</remarks>
public sealed class CommittedShare : IDisposable
{
    /// <summary>Length in bytes: a salt of 32, a share of 32.</summary>
    public const int Length = SaltBytes + CollaborationSecret.Length;

    private const int SaltBytes = 32;

    private readonly SecretBytes _content;

    private CommittedShare(SecretBytes content) => _content = content;

    /// <summary>Gets salt and share: 64 bytes.</summary>
    public ReadOnlyMemory<byte> Content => _content.Memory;

    /// <summary>Draws a salt for a share.</summary>
    /// <param name="share">32 bytes. Copied: the caller still disposes it.</param>
    /// <exception cref="ArgumentException">It is not 32 bytes long.</exception>
    public static CommittedShare Of(SecretShare share)
    {
        ArgumentNullException.ThrowIfNull(share);
        if (share.Value.Length != CollaborationSecret.Length)
        {
            throw new ArgumentException($"wanted a share of {CollaborationSecret.Length} bytes, got {share.Value.Length}", nameof(share));
        }

        var content = SecretBytes.Allocate(Length, out var bytes);
        RandomNumberGenerator.Fill(bytes[..SaltBytes]);
        share.Value.Span.CopyTo(bytes[SaltBytes..]);
        return new CommittedShare(content);
    }

    /// <summary>Takes what was opened, and zeroes the source.</summary>
    /// <returns>The share, unchecked: see <see cref="Commit"/>; or <see cref="RefusalCode.SealInvalid"/> for another length.</returns>
    public static Result<CommittedShare> Take(Span<byte> opened)
    {
        if (opened.Length == Length)
        {
            return new CommittedShare(SecretBytes.Take(opened));
        }

        CryptographicOperations.ZeroMemory(opened);
        return new Refusal(RefusalCode.SealInvalid, $"a sealed share of {Length} bytes", $"{opened.Length} bytes");
    }

    /// <summary>Returns labelled("cleanroom/v1/recovery-commitment", SHA-256(subject) || salt || share).</summary>
    public Digest Commit(RecoveryShareSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        using var input = SecretBytes.Allocate(Digest.Length + Length, out var bytes);
        Digest.Of(subject.Encode()).CopyTo(bytes);
        _content.Span.CopyTo(bytes[Digest.Length..]);
        return Digest.Labelled(Labels.RecoveryCommitment, input.Span);
    }

    /// <summary>Copies the share out, for combining. The caller disposes it.</summary>
    public SecretShare ToShare(int index) => new(index, SecretBytes.CopyOf(_content.Span[SaltBytes..]));

    /// <summary>Zeroes salt and share.</summary>
    public void Dispose() => _content.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

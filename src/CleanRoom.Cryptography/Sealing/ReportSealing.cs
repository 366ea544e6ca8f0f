using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals an ingest report once, wraps its key for each member of the owner that may read it, and opens both.</summary>
/// <remarks>Spec: contracts/spec/0010 s.8.1.</remarks>
public static class ReportSealing
{
    /// <summary>Seals a report under a fresh key.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="context">The dataset version.</param>
    /// <param name="report">The report's bytes.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    public static ValueTask<SealedResult> SealAsync(
        ICryptoBackend backend, ReportContext context, ReadOnlyMemory<byte> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Of(context).SealAsync(backend, report, cancellationToken);
    }

    /// <summary>Wraps a report's key for one member of the owner.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="context">The dataset version.</param>
    /// <param name="collaborator">The owner's id.</param>
    /// <param name="member">The reader's name in it.</param>
    /// <param name="receiveKey">65 bytes, from the reader's delegation.</param>
    /// <param name="report">What <see cref="SealAsync"/> returned.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The wrap, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static ValueTask<Result<ResultWrap>> WrapAsync(
        ICryptoBackend backend,
        ReportContext context,
        string collaborator,
        string member,
        Bytes receiveKey,
        SealedResult report,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Of(context).WrapAsync(backend, collaborator, member, receiveKey, report, cancellationToken);
    }

    /// <summary>Opens a report with a reader's key and checks it against the commitment in the ingest statement.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="receiveKey">The reader's private key.</param>
    /// <param name="context">The dataset version.</param>
    /// <param name="commitment">From the ingest statement, whose signature and inclusion the caller has checked.</param>
    /// <param name="blob">Trust: host-controlled.</param>
    /// <param name="wraps">Trust: host-controlled.</param>
    /// <param name="collaborator">The owner's id.</param>
    /// <param name="member">The reader's name in it.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>
    /// The report; or <see cref="RefusalCode.ResultUnknown"/> when there is no wrap for this member, or
    /// <see cref="RefusalCode.SealInvalid"/> when blob, wrap or commitment do not hold.
    /// </returns>
    public static ValueTask<Result<OpenedResult>> OpenAsync(
        ICryptoBackend backend,
        IAgreementKey receiveKey,
        ReportContext context,
        Digest commitment,
        ReadOnlyMemory<byte> blob,
        ImmutableArray<ResultWrap> wraps,
        string collaborator,
        string member,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Of(context).OpenAsync(backend, receiveKey, commitment, blob, wraps, collaborator, member, cancellationToken);
    }

    private static SealedAnswers Of(ReportContext context) =>
        new(Labels.Report, Labels.ReportKeyInfo, context.AssociatedData(), context.WrapAssociatedData);
}

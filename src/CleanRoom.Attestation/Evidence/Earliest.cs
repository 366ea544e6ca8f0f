using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Evidence;

/// <summary>The first of the moments at which what was checked lapses.</summary>
internal static class Earliest
{
    /// <summary>Returns the first moment; null when all are null, since what has no end never comes first.</summary>
    public static Timestamp? Of(params IEnumerable<Timestamp?> moments) => moments.Where(moment => moment is not null).Min();

    /// <summary>Takes a time of a certificate, list or collateral, UTC.</summary>
    public static Timestamp At(DateTime utc) => Timestamp.From(new DateTimeOffset(utc, TimeSpan.Zero));
}

using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attesters;

/// <summary>The 64 bytes that evidence commits to.</summary>
internal static class ReportData
{
    /// <summary>Bytes of report data.</summary>
    public const int Length = AttestationBinding.ReportDataLength;

    /// <exception cref="ArgumentException">The report data is not 64 bytes long.</exception>
    public static void Require(ReadOnlyMemory<byte> reportData)
    {
        if (reportData.Length != Length)
        {
            throw new ArgumentException($"wanted {Length} bytes, got {reportData.Length}", nameof(reportData));
        }
    }
}

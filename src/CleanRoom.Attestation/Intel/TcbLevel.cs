using System.Collections.Immutable;
using System.Text.Json;

namespace CleanRoom.Attestation.Intel;

/// <summary>A level of collateral: what a platform or a part must at least have, and how Intel judges it then.</summary>
/// <param name="SgxSvns">Least versions of the 16 SGX components; empty in the levels of a part.</param>
/// <param name="TdxSvns">Least versions of the 16 TDX components; empty for SGX.</param>
/// <param name="Svn">Least pcesvn of a platform, least isvsvn of a part.</param>
/// <param name="Status">The judgement.</param>
/// <param name="Date">The day of the TCB, UTC.</param>
/// <param name="Advisories">Intel's advisories that apply at this level.</param>
internal sealed record TcbLevel(
    ImmutableArray<int> SgxSvns, ImmutableArray<int> TdxSvns, int Svn, TcbStatus Status, DateTime Date, ImmutableArray<string> Advisories)
{
    private const int MaxLevels = 256;
    private const int MaxAdvisories = 256;
    private const int MaxAdvisoryChars = 32;

    /// <summary>Reads the levels of a platform; throws for another form.</summary>
    public static ImmutableArray<TcbLevel> OfPlatform(JsonElement body, bool isTdx) => Read(body, tcb => (
        Components(tcb, "sgxtcbcomponents"),
        isTdx ? Components(tcb, "tdxtcbcomponents") : [],
        tcb.GetProperty("pcesvn").GetUInt16()));

    /// <summary>Reads the levels of a part; throws for another form.</summary>
    public static ImmutableArray<TcbLevel> OfPart(JsonElement body) => Read(body, tcb => ([], [], tcb.GetProperty("isvsvn").GetUInt16()));

    private static ImmutableArray<TcbLevel> Read(
        JsonElement body, Func<JsonElement, (ImmutableArray<int> Sgx, ImmutableArray<int> Tdx, int Svn)> readTcb)
    {
        var array = body.GetProperty("tcbLevels");
        return array.GetArrayLength() is 0 or > MaxLevels
            ? throw new FormatException("wanted levels")
            : [.. array.EnumerateArray().Select(level =>
            {
                var (sgx, tdx, svn) = readTcb(level.GetProperty("tcb"));
                return new TcbLevel(
                    sgx, tdx, svn, TcbStatuses.Parse(level.GetProperty("tcbStatus").GetString()), SignedCollateral.Time(level, "tcbDate"), ReadAdvisories(level));
            })];
    }

    private static ImmutableArray<int> Components(JsonElement tcb, string property)
    {
        ImmutableArray<int> svns = [.. tcb.GetProperty(property).EnumerateArray().Select(component => (int)component.GetProperty("svn").GetUInt16())];
        return svns.Length == PckExtension.Components ? svns : throw new FormatException("wanted 16 components");
    }

    private static ImmutableArray<string> ReadAdvisories(JsonElement level)
    {
        if (!level.TryGetProperty("advisoryIDs", out var ids))
        {
            return [];
        }

        ImmutableArray<string> advisories = [.. ids.EnumerateArray().Select(id => id.GetString() ?? string.Empty)];
        return advisories.Length <= MaxAdvisories
            && advisories.All(id => id.Length is > 0 and <= MaxAdvisoryChars && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            ? advisories
            : throw new FormatException("wanted advisory ids");
    }
}

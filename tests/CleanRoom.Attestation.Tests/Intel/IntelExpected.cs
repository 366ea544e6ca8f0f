using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Reads what expected.json says about a quote, in our names.</summary>
internal static class IntelExpected
{
    private static readonly ImmutableSortedDictionary<string, string> s_names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["mrenclave"] = "measurement",
        ["mrtd"] = "measurement",
        ["mrsigner"] = "mrSigner",
        ["isvprodid"] = "isvProdId",
        ["isvsvn"] = "isvSvn",
        ["attributes"] = "attributes",
        ["cpusvn"] = "cpuSvn",
        ["mrseam"] = "mrSeam",
        ["mrsignerseam"] = "mrSignerSeam",
        ["seamattributes"] = "seamAttributes",
        ["mrconfigid"] = "mrConfigId",
        ["mrowner"] = "mrOwner",
        ["mrownerconfig"] = "mrOwnerConfig",
        ["tee_tcb_svn"] = "teeTcbSvn",
        ["report_data"] = "reportData",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Returns the entry of a file.</summary>
    public static JsonElement Entry(string family, string file) =>
        SharedVectors.Json($"{family}/expected.json").EnumerateArray().Single(entry => entry.GetProperty("file").GetString() == file);

    /// <summary>Returns the claims of an entry.</summary>
    public static ImmutableSortedDictionary<string, string> Claims(JsonElement entry)
    {
        var claims = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var body = entry.GetProperty("body");
        foreach (var member in body.EnumerateObject().Where(member => s_names.ContainsKey(member.Name)))
        {
            claims[s_names[member.Name]] = member.Value.ToString();
        }

        if (body.TryGetProperty("rtmr", out var rtmr))
        {
            for (var i = 0; i < rtmr.GetArrayLength(); i++)
            {
                claims[$"rtmr{i}"] = rtmr[i].GetString()!;
            }

            claims["septVeDisable"] = body.GetProperty("sept_ve_disable").GetInt32() == 1 ? "true" : "false";
        }
        else
        {
            claims["provisionKey"] = body.GetProperty("provkey").GetInt32() == 1 ? "true" : "false";
        }

        claims["qeSvn"] = entry.GetProperty("qe").GetProperty("isvsvn").ToString();
        if (entry.GetProperty("pck") is { ValueKind: JsonValueKind.Object } pck)
        {
            claims["fmspc"] = pck.GetProperty("fmspc").GetString()!;
            claims["pceId"] = pck.GetProperty("pceid").GetString()!;
            claims["ppid"] = pck.GetProperty("ppid").GetString()!;
            claims["pceSvn"] = pck.GetProperty("pcesvn").ToString();
            foreach (var (component, i) in pck.GetProperty("comps").EnumerateArray().Select((component, i) => (component, i)))
            {
                claims[string.Create(CultureInfo.InvariantCulture, $"sgx.component{i + 1:D2}")] = component.ToString();
            }
        }

        return claims.ToImmutable();
    }
}

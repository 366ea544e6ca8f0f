using System.Text;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Collateral of the made-up platform. Tests replace parts of the text before it is signed.</summary>
internal static class MadeCollateral
{
    /// <summary>The platform's family, model and stepping.</summary>
    public const string Fmspc = "112233445566";

    private const string Dates = "\"issueDate\":\"2026-05-20T00:00:00Z\",\"nextUpdate\":\"2026-06-19T00:00:00Z\"";

    /// <summary>Gets TCB info for SGX: component 5 and pcesvn 11 are up to date, 4 and 10 are out of date with an advisory.</summary>
    public static string SgxTcbInfo { get; } =
        $"{{\"id\":\"SGX\",\"version\":3,{Dates},\"fmspc\":\"{Fmspc}\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":17,\"tcbLevels\":["
        + Level(5, 11, null, "UpToDate", "2026-05-01", null) + ',' + Level(4, 10, null, "OutOfDate", "2025-05-01", "INTEL-SA-00001") + "]}";

    /// <summary>Gets TCB info for TDX: module 1.4 is up to date and 1.2 out of date; components 3 to 16 of the TD report must be 6.</summary>
    public static string TdxTcbInfo { get; } =
        $"{{\"id\":\"TDX\",\"version\":3,{Dates},\"fmspc\":\"{Fmspc}\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":17,"
        + $"\"tdxModule\":{{{Module()}}},\"tdxModuleIdentities\":[{{\"id\":\"TDX_01\",{Module()},\"tcbLevels\":["
        + "{\"tcb\":{\"isvsvn\":4},\"tcbDate\":\"2026-05-01T00:00:00Z\",\"tcbStatus\":\"UpToDate\"},"
        + "{\"tcb\":{\"isvsvn\":2},\"tcbDate\":\"2025-05-01T00:00:00Z\",\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-00002\"]}]}],\"tcbLevels\":["
        + Level(5, 11, 6, "UpToDate", "2026-05-01", null) + ',' + Level(4, 10, 5, "OutOfDate", "2025-05-01", "INTEL-SA-00001") + "]}";

    /// <summary>Returns the identity of the quoting enclave: product 1 or 2, version 8 up to date, 6 out of date.</summary>
    public static string Identity(string id) =>
        $"{{\"id\":\"{id}\",\"version\":2,{Dates},\"tcbEvaluationDataNumber\":18,\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\","
        + "\"attributes\":\"11000000000000000000000000000000\",\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\","
        + $"\"mrsigner\":\"{new string('C', 64)}\",\"isvprodid\":1,\"tcbLevels\":["
        + "{\"tcb\":{\"isvsvn\":8},\"tcbDate\":\"2026-05-02T00:00:00Z\",\"tcbStatus\":\"UpToDate\"},"
        + "{\"tcb\":{\"isvsvn\":6},\"tcbDate\":\"2025-05-02T00:00:00Z\",\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-00003\"]}]}";

    /// <summary>Signs the object and puts it into its answer.</summary>
    public static byte[] Sign(string member, string body, TestKey key) => Encoding.UTF8.GetBytes(
        $"{{\"{member}\":{body},\"signature\":\"{Convert.ToHexStringLower(key.SignRaw(Encoding.UTF8.GetBytes(body)))}\"}}");

    private static string Level(int component, int pceSvn, int? tdx, string status, string date, string? advisory) =>
        $"{{\"tcb\":{{\"sgxtcbcomponents\":{Components(component)},\"pcesvn\":{pceSvn}"
        + (tdx is { } svn ? $",\"tdxtcbcomponents\":{Components(svn)}" : string.Empty)
        + $"}},\"tcbDate\":\"{date}T00:00:00Z\",\"tcbStatus\":\"{status}\"" + (advisory is null ? "}" : $",\"advisoryIDs\":[\"{advisory}\"]}}");

    private static string Components(int svn) => '[' + string.Join(',', Enumerable.Repeat($"{{\"svn\":{svn}}}", 16)) + ']';

    private static string Module() =>
        $"\"mrsigner\":\"{new string('0', 96)}\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"";
}

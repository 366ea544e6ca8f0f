using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Finds the level of TCB info that a platform reaches, with its TDX module.</summary>
/// <remarks>Spec: Intel PCS API version 4, Get TCB Info, "TCB level selection"; for relaunch the DCAP quote verification library.</remarks>
internal sealed class PlatformLevel(TcbInfo info, PckExtension pck)
{
    private const int MinorVersion = 0;
    private const int MajorVersion = 1;

    /// <summary>Returns the level, its status combined with the module's; null after adding <c>tcb-level</c> or a check of the module.</summary>
    public TcbLevel? Of(TdxModuleVersion? module, ICollection<FailedCheck> failures)
    {
        if (module is null)
        {
            return Find([], failures);
        }

        var judged = Of(module, module.TcbSvn, failures);
        if (module.CurrentTcbSvn.Length == 0 || judged?.Status is not (TcbStatus.OutOfDate or TcbStatus.OutOfDateConfigurationNeeded))
        {
            return judged;
        }

        // The module was updated under the running TD: its launch is out of date, what runs now is not (TDX 1.5).
        return Of(module, module.CurrentTcbSvn, [])?.Status switch
        {
            TcbStatus.UpToDate when judged.Status == TcbStatus.OutOfDate => judged with { Status = TcbStatus.TDRelaunchAdvised },
            TcbStatus.UpToDate or TcbStatus.ConfigurationNeeded => judged with { Status = TcbStatus.TDRelaunchAdvisedConfigurationNeeded },
            _ => judged,
        };
    }

    private TcbLevel? Of(TdxModuleVersion module, Bytes tcbSvn, ICollection<FailedCheck> failures)
    {
        var part = ModuleLevel(module, tcbSvn, failures);
        var platform = Find(tcbSvn.Span, failures);
        return part is null || platform is null
            ? null
            : platform with
            {
                Status = platform.Status.With(part.Status),
                Date = part.Date < platform.Date ? part.Date : platform.Date,
                Advisories = [.. platform.Advisories, .. part.Advisories],
            };
    }

    /// <summary>Takes the first level of which all least versions are reached, in the order in which Intel sorted them.</summary>
    private TcbLevel? Find(ReadOnlySpan<byte> tdxSvns, ICollection<FailedCheck> failures)
    {
        foreach (var level in info.Levels)
        {
            if (pck.PceSvn >= level.Svn && Reaches(pck.ComponentSvns.AsSpan(), level.SgxSvns.AsSpan()) && ReachesTdx(tdxSvns, level))
            {
                return level;
            }
        }

        failures.Add(new FailedCheck(
            RefusalCode.EvidenceNotAccepted,
            "tcb-level",
            "a level of the TCB info that the platform reaches",
            $"components {string.Join('.', pck.ComponentSvns)}, pcesvn {pck.PceSvn}, tdx {(tdxSvns.IsEmpty ? "none" : Hex.Of(tdxSvns))}"));
        return null;
    }

    private static bool Reaches(ReadOnlySpan<int> got, ReadOnlySpan<int> least)
    {
        for (var i = 0; i < least.Length; i++)
        {
            if (got[i] < least[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool ReachesTdx(ReadOnlySpan<byte> svns, TcbLevel level)
    {
        // From major version 1 on the module's own identity judges its version, so the first two components say nothing here.
        for (var i = !svns.IsEmpty && svns[MajorVersion] != 0 ? 2 : 0; i < svns.Length; i++)
        {
            if (svns[i] < level.TdxSvns[i])
            {
                return false;
            }
        }

        return true;
    }

    private TcbLevel? ModuleLevel(TdxModuleVersion module, Bytes tcbSvn, ICollection<FailedCheck> failures)
    {
        var (major, minor) = (tcbSvn.Span[MajorVersion], tcbSvn.Span[MinorVersion]);
        var id = string.Create(CultureInfo.InvariantCulture, $"TDX_{major:X2}");
        var identity = major == 0 ? info.Module : info.Modules.FirstOrDefault(candidate => candidate.Id == id);
        if (identity is null || !identity.Fits(module.MrSigner, module.Attributes))
        {
            failures.Add(new FailedCheck(
                RefusalCode.EvidenceInvalid,
                "tdx-module",
                identity is null ? $"an identity {id} in the TCB info" : $"signer {Hex.Of(identity.MrSigner.Span)}, attributes {Hex.Of(identity.Attributes.Span)}",
                identity is null ? "none" : $"{Hex.Of(module.MrSigner.Span)}, {Hex.Of(module.Attributes.Span)}"));
            return null;
        }

        if (major == 0)
        {
            // The platform's levels judge it.
            return new TcbLevel([], [], 0, TcbStatus.UpToDate, DateTime.MaxValue, []);
        }

        var level = identity.Levels.FirstOrDefault(candidate => minor >= candidate.Svn);
        if (level is null)
        {
            failures.Add(new FailedCheck(
                RefusalCode.EvidenceNotAccepted, "tdx-module-level", $"a level of {id} that the module reaches", minor.ToString(CultureInfo.InvariantCulture)));
        }

        return level;
    }
}

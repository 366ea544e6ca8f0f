using System.CommandLine;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Recover;

/// <summary><c>cleanroom recover</c>: says that this build restores no secret from shares, and what to do in its place.</summary>
internal static class RecoverCommand
{
    public static Command Create(CliHost host) => Verb.Create(
        host, "recover", "Recovery of a lost room.", [], (_, _) => Task.FromResult<Result<VerbAnswer>>(new Refusal(
            RefusalCode.NotPermitted,
            "a build whose contracts allow recovery by shares",
            "this one: after a total loss propose the contract anew, and let every owner upload or grant again from its own keys")));
}

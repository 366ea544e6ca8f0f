using CleanRoom.Engine.Sandbox;

namespace CleanRoom.HostileEngine;

/// <summary>A build of the engine that attacks instead of answering. <c>held</c>: with the shipped sandbox; <c>loose</c>: with none of it.</summary>
internal static class Program
{
    /// <summary>The way into the sandbox is the product's own, call by call; what is hostile begins where a query would be read.</summary>
    public static int Main(string[] args) => args switch
    {
        ["victim"] => Victim.Stand(),
        ["held", _] => Launcher.Confine(),
        ["held", var socketPath, "confined"] => HostileServer.Serve(socketPath, isHeld: true),
        ["loose", var socketPath] => HostileServer.Serve(socketPath, isHeld: false),
        _ => 1,
    };
}

using CleanRoom.Cli;
using CleanRoom.Cli.Hosting;

return await CommandTree.RunAsync(CliHost.OfProcess(), args);
